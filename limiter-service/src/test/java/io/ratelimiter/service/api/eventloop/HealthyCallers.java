package io.ratelimiter.service.api.eventloop;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.api.contract.HttpCaller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/** Callers that check continuously, each after its last answer, and record the latencies. */
final class HealthyCallers implements AutoCloseable {

  private static final long PAUSE_NANOS = 50_000_000;

  private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean ended;

  HealthyCallers(HttpCaller http, int callers) {
    for (int i = 0; i < callers; i++) {
      String check = "{\"client_id\":\"healthy-%d\",\"cost\":0}".formatted(i);
      threads.add(Thread.ofVirtual().start(() -> callRepeatedly(http, check)));
    }
  }

  private void callRepeatedly(HttpCaller http, String check) {
    try {
      while (!ended) {
        long start = System.nanoTime();
        assertThat(http.check(check).status()).isEqualTo(200);
        nanos.add(System.nanoTime() - start);
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (Throwable e) {
      failures.add(e);
    }
  }

  /** Blocks until this many more answers have arrived; fails when a call has failed. */
  void await(int answers) {
    int before = nanos.size();
    Awaitility.await()
        .atMost(Duration.ofSeconds(120))
        .until(() -> !failures.isEmpty() || nanos.size() >= before + answers);
    assertThat(failures).isEmpty();
  }

  List<Long> nanos() {
    return List.copyOf(nanos);
  }

  @Override
  public void close() throws InterruptedException {
    ended = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
