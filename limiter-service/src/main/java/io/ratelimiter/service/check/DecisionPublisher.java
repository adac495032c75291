package io.ratelimiter.service.check;

/** Publishes decisions and adjustments. */
public interface DecisionPublisher {

  /**
   * Publishes a decision. Never blocks, never throws: a decision that Kafka does not accept is
   * spooled; one that the spool does not accept is counted as dropped, with its reason. Called on
   * the store's event loop.
   *
   * @param result of a check with a cost
   */
  void publish(CheckResult result);

  /**
   * Publishes a refund, a reset or a settlement in the same way.
   *
   * @param result of an adjustment that was applied
   */
  void publish(AdjustmentResult result);
}
