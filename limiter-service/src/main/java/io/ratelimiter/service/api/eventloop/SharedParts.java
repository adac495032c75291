package io.ratelimiter.service.api.eventloop;

import io.ratelimiter.service.api.BlockingHandler;
import io.ratelimiter.service.api.BodyBudget;
import io.ratelimiter.service.api.Drain;
import io.ratelimiter.service.api.RequestMetrics;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all connections share, whatever their port.
 *
 * @param inFlight number of complete requests whose answer is not sent yet, without the held ones
 */
record SharedParts(
    FrontDoorProperties properties,
    Drain drain,
    BodyBudget bodyBudget,
    RequestMetrics metrics,
    BlockingHandler blocking,
    HeldAnswers held,
    AtomicInteger inFlight) {

  /** Requests in flight, with their answers, must fit the heap. */
  private static final int MAX_IN_FLIGHT = 4_096;

  SharedParts(
      FrontDoorProperties properties,
      Drain drain,
      BodyBudget bodyBudget,
      RequestMetrics metrics,
      BlockingHandler blocking,
      HeldAnswers held) {
    this(properties, drain, bodyBudget, metrics, blocking, held, new AtomicInteger());
  }

  /** Counts one more; false when it must be refused. {@link #leaveInFlight} must follow anyway. */
  boolean enterInFlight() {
    return inFlight.incrementAndGet() <= MAX_IN_FLIGHT;
  }

  void leaveInFlight() {
    inFlight.decrementAndGet();
  }
}
