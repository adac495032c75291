package io.ratelimiter.service.api.eventloop;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.Hold;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The answers that are held until their callers may start: a timer of the caller's event loop for
 * each, and no thread. At most {@value #MAX} are held at once, whatever their port, so that they
 * fit the heap with their connections.
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

  /**
   * Begins to hold an answer.
   *
   * @param loop of the caller, on which this is called
   * @param answer with a hold
   * @param receiver gets the answer to send, on the loop
   * @return null when the max is reached: the answer must be sent at once
   */
  @Nullable Held begin(EventLoop loop, Answer answer, Consumer<Answer> receiver) {
    if (held.incrementAndGet() > MAX) {
      held.decrementAndGet();
      return null;
    }
    return new Held(loop, answer, receiver);
  }

  /** One held answer. Used on the event loop of its caller alone. */
  final class Held {

    private final long sinceNanos = System.nanoTime();
    private final Hold hold;
    private final int status;
    private final Consumer<Answer> receiver;
    private final Future<?> timer;

    private Held(EventLoop loop, Answer answer, Consumer<Answer> receiver) {
      this.hold = Objects.requireNonNull(answer.hold());
      this.status = answer.status();
      this.receiver = receiver;
      this.timer = loop.schedule(this::release, hold.micros(), TimeUnit.MICROSECONDS);
    }

    /** HTTP status of the answer. */
    int status() {
      return status;
    }

    /** Since when the answer is held, on the clock of {@link System#nanoTime}. */
    long sinceNanos() {
      return sinceNanos;
    }

    /** Passes the answer to its receiver, with the time for which it was held. */
    void release() {
      drop();
      long micros = Math.ceilDiv(System.nanoTime() - sinceNanos, 1_000);
      receiver.accept(hold.answer().apply(micros));
    }

    /** Ends the hold without an answer. */
    void drop() {
      timer.cancel(false);
      held.decrementAndGet();
    }
  }
}
