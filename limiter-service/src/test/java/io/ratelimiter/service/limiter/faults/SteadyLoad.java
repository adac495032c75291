package io.ratelimiter.service.limiter.faults;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Sends checks at a steady rate without waiting for answers, so that a slow one delays no other,
 * and measures each from the time at which it was due. Half of the checks have limits that are far
 * from reached, half have limits of a fifteenth of the requested units.
 */
final class SteadyLoad implements AutoCloseable {

  static final int PER_SECOND = 200;

  /** Tenants with one rule for all clients each, in {@code fault-rules.json}. */
  static final List<String> TIGHT = List.of("tb", "fw", "sl", "sc");

  static final String WIDE = "wide";
  static final int WIDE_CLIENTS = 50;
  static final int TIGHT_CLIENTS = 5;

  /**
   * One check.
   *
   * @param status the HTTP status; 0 without an answer
   * @param degraded whether the answer is degraded; one of fail mode closed is too
   */
  record Call(
      String clientId, long dueNanos, long doneNanos, int status, boolean degraded, String source) {

    long micros() {
      return (doneNanos - dueNanos) / 1_000;
    }
  }

  private final ServiceCaller caller;
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final Thread thread = Thread.ofPlatform().daemon().name("load").unstarted(this::run);
  private volatile boolean closed;

  SteadyLoad(ServiceCaller caller) {
    this.caller = caller;
  }

  void start() {
    thread.start();
  }

  private void run() {
    long interval = 1_000_000_000L / PER_SECOND;
    long due = System.nanoTime();
    for (int i = 0; !closed; i++, due += interval) {
      long left;
      while ((left = due - System.nanoTime()) > 0) {
        LockSupport.parkNanos(left);
      }
      send(i, due);
    }
  }

  private void send(int i, long dueNanos) {
    int pair = i / 2;
    String tenant = i % 2 == 0 ? WIDE : TIGHT.get(pair % TIGHT.size());
    String client =
        i % 2 == 0
            ? "client-" + pair % WIDE_CLIENTS
            : tenant + "-" + pair / TIGHT.size() % TIGHT_CLIENTS;
    inFlight.incrementAndGet();
    var _ =
        caller
            .send(tenant, client)
            .whenComplete((response, _) -> {
              calls.add(call(client, dueNanos, response));
              inFlight.decrementAndGet();
              answered.incrementAndGet();
            });
  }

  private static Call call(String client, long dueNanos, @Nullable HttpResponse<String> response) {
    long done = System.nanoTime();
    if (response == null) {
      return new Call(client, dueNanos, done, 0, false, "");
    }
    JsonNode body = ServiceCaller.parse(response.body());
    boolean closed = response.statusCode() == 503;
    return new Call(
        client,
        dueNanos,
        done,
        response.statusCode(),
        closed || body.path("degraded").asBoolean(),
        body.path("source").asString(""));
  }

  int inFlight() {
    return inFlight.get();
  }

  int answered() {
    return answered.get();
  }

  /** All answers so far. */
  List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Stops sending; checks in flight are still answered. */
  @Override
  public void close() {
    closed = true;
  }
}
