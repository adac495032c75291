package io.ratelimiter.service.decisions;

import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.check.DecisionPublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Publishes at a steady rate from one thread and records decisions and latencies. */
final class Load {

  private static final long NANOS = 1_000_000_000;

  private final Map<String, Boolean> answered = new ConcurrentHashMap<>();
  private final List<Long> nanos = new ArrayList<>();
  private final DecisionPublisher publisher;

  Load(DecisionPublisher publisher) {
    this.publisher = publisher;
  }

  /** Publishes this many decisions at once. */
  Load burst(int count) {
    for (int i = 0; i < count; i++) {
      publish(i);
    }
    return this;
  }

  /** Publishes at this rate for this long. */
  Load run(int perSecond, Duration duration) {
    long begin = System.nanoTime();
    long total = perSecond * duration.toMillis() / 1000;
    for (long i = 0; i < total; i++) {
      long due = begin + i * NANOS / perSecond;
      while (System.nanoTime() - due < 0) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      publish(i);
    }
    return this;
  }

  private void publish(long i) {
    CheckResult result =
        i % 4 == 3 ? Samples.blocked("client-" + i % 50) : Samples.allowed("client-" + i % 50);
    long begin = System.nanoTime();
    publisher.publish(result);
    nanos.add(System.nanoTime() - begin);
    answered.put(result.decisionId(), i % 4 != 3);
  }

  /** Whether allowed, by decision id. */
  Map<String, Boolean> answered() {
    return answered;
  }

  /** Quantile of the calls' latencies, microseconds. */
  long quantileMicros(double share) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    return sorted[(int) Math.min(sorted.length - 1, (long) (share * sorted.length))] / 1_000;
  }

  @Override
  public String toString() {
    return "%d calls, p50 %d, p99 %d, max %d µs"
        .formatted(nanos.size(), quantileMicros(0.5), quantileMicros(0.99), quantileMicros(1));
  }
}
