package io.ratelimiter.service.decisions;

/** Takes what Kafka does not take now. */
interface Backlog {

  /**
   * Takes over an event, or counts it as dropped. Never blocks, never throws.
   *
   * @param handed whether Kafka may have it all the same
   */
  void take(OutgoingEvent event, boolean handed);
}
