package io.ratelimiter.service.decisions;

/** Takes what Kafka does not take now. */
interface Backlog {

  /**
   * Takes over an event, or counts it as dropped. Never throws, and never blocks a caller.
   *
   * @param handed whether Kafka may have it all the same: then this is called on the producer's own
   *     thread, which may be held up for a moment
   */
  void take(OutgoingEvent event, boolean handed);
}
