package io.ratelimiter.service.decisions;

/** What came of an event that was given to a producer; exactly one of these is called, once. */
interface Delivery {

  /** Kafka has it. */
  void acked();

  /** Kafka will never take this very record. */
  void refused(Exception cause);

  /**
   * Another attempt may succeed.
   *
   * @param handed whether Kafka may have it all the same
   */
  void failed(boolean handed, Exception cause);
}
