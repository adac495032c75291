package io.ratelimiter.service.decisions;

/** Why an event will never be told by this process. */
public enum DropReason {
  /** The hand-over to the spool was full: the disk is slower than the decisions. */
  SPOOL_QUEUE_FULL("spool_queue_full"),
  /** The spool holds as much as it may; older events are kept. */
  SPOOL_FULL("spool_full"),
  /** The disk refused it. */
  SPOOL_FAILED("spool_failed"),
  /** A spooled event could not be read back as it was written. */
  SPOOL_CORRUPT("spool_corrupt"),
  /** The spool's folder or file was removed or replaced, and is no longer readable. */
  SPOOL_LOST("spool_lost"),
  /** It was handed to Kafka, which did not confirm it, and the spool did not take it either. */
  UNCONFIRMED("unconfirmed"),
  /** Kafka refused this very record, as too large, say. */
  REFUSED("refused"),
  /** The topic has no such partition any more. */
  NO_PARTITION("no_partition"),
  /** An earlier process dropped it and never told anybody its number. */
  EARLIER("earlier"),
  /** It could not be written as JSON. */
  UNWRITABLE("unwritable"),
  /** It came after the publisher had stopped. */
  STOPPED("stopped");

  private final String wireName;

  DropReason(String wireName) {
    this.wireName = wireName;
  }

  /** The name in metrics. */
  public String wireName() {
    return wireName;
  }
}
