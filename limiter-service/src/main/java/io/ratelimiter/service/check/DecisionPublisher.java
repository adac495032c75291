package io.ratelimiter.service.check;

/** Publishes decisions and adjustments. */
public interface DecisionPublisher {

  /**
   * Takes over a decision. Never blocks, never throws: what Kafka does not accept is spooled, what
   * the spool does not take is counted as dropped with its reason. Called on the store's event
   * loop.
   *
   * @param result of a check with a cost
   */
  void publish(CheckResult result);

  /**
   * Takes over a refund or a reset, in the same way.
   *
   * @param result of an adjustment that was applied
   */
  void publish(AdjustmentResult result);
}
