package io.ratelimiter.service.decisions.kafka;

import org.jspecify.annotations.Nullable;

/** Receives the outcome of one sent event, once. */
public interface Delivery {

  /** The outcome of sending. */
  enum Outcome {
    /** Kafka acknowledged the event. */
    ACKED,
    /** Kafka will never accept this record. */
    REFUSED,
    /** Sending failed without an answer; Kafka may have received the event. */
    MAYBE_SENT,
    /** The producer did not accept the event. */
    NOT_SENT
  }

  /**
   * Called on the sending thread or on the producer's own.
   *
   * @param cause null for {@link Outcome#ACKED}
   */
  void completed(Outcome outcome, @Nullable Exception cause);
}
