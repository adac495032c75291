package io.ratelimiter.service.decisions;

/** Tells what was decided. */
public interface DecisionPublisher {

  /**
   * Takes over a decision. Never blocks, never throws: what Kafka does not take is spooled, what
   * the spool does not take is counted as dropped with its reason. Called on the store's event
   * loop.
   */
  void publish(MadeDecision decision);

  /** Takes over a refund or a reset, under the same promise. */
  void publish(MadeAdjustment adjustment);
}
