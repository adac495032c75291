package io.ratelimiter.service.api.eventloop;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.ratelimiter.service.api.eventloop.ConnectionState.Phase;
import io.ratelimiter.service.api.eventloop.request.IncomingRequest;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.Hold;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the answers that are held until their callers may start. Each has a timer on its caller's
 * event loop, and no thread. At most {@value #MAX} are held at once on all ports, so that they and
 * their connections fit the heap.
 */
final class HeldAnswers {

  /** Max number of answers held at once. */
  static final int MAX = 10_000;

  private static final String HELD = "ratelimiter.held.checks";

  private final AtomicInteger held = new AtomicInteger();

  HeldAnswers(MeterRegistry registry) {
    Gauge.builder(HELD, held, AtomicInteger::get)
        .description("Checks that were allowed and whose answer is held until they may start")
        .register(registry);
  }

  /** Counts one more; false when the max is reached and the answer must be sent at once. */
  boolean enter() {
    boolean free = held.incrementAndGet() <= MAX;
    if (!free) {
      held.decrementAndGet();
    }
    return free;
  }

  /** Counts one less. */
  void leave() {
    held.decrementAndGet();
  }

  /** One held answer, which is counted. Used on the event loop of its caller alone. */
  static final class Held {

    private final long sinceNanos = System.nanoTime();
    private final ConnectionState state;
    private final IncomingRequest incoming;
    private final Hold hold;
    private final int status;
    private final Future<?> timer;

    /**
     * Starts the hold. The request is no longer in flight and has no time limit: it is decided, and
     * a stop releases it.
     *
     * @param hold time and answer
     * @param due runs on the loop when the wait is over
     */
    Held(ConnectionState state, IncomingRequest incoming, Answer answer, Hold hold, Runnable due) {
      this.state = state;
      this.incoming = incoming;
      this.hold = hold;
      this.status = answer.status();
      this.timer = state.callers.loop().schedule(due, hold.micros(), TimeUnit.MICROSECONDS);
      incoming.releaseHead();
      state.leaveInFlight();
      state.enter(Phase.HELD);
      state.unlimited();
    }

    IncomingRequest incoming() {
      return incoming;
    }

    /** Ends the hold. Returns the answer to send, which states for how long it was held. */
    Answer release() {
      end();
      state.within(state.limits.progressTimeout());
      return hold.answer().apply(Math.ceilDiv(System.nanoTime() - sinceNanos, 1_000));
    }

    /** Ends the hold without an answer, because the caller has disconnected. */
    void drop() {
      end();
      state.answered(status);
    }

    private void end() {
      timer.cancel(false);
      state.shared.held().leave();
      incoming.heldSince(sinceNanos);
    }
  }
}
