package io.ratelimiter.service.decisions.series;

import java.util.Locale;

/** Why an event is dropped. */
public enum DropReason {
  /** The queue to the disk was full: decisions are made faster than the disk writes. */
  SPOOL_QUEUE_FULL,
  /** The spool has reached its max size; older events are kept. */
  SPOOL_FULL,
  /** The disk refused the write. */
  SPOOL_FAILED,
  /** The spool was damaged and the event could not be read back. */
  SPOOL_CORRUPT,
  /** The spool's folder or file was removed or replaced and is no longer readable. */
  SPOOL_LOST,
  /** Sent to Kafka without an acknowledgement, and the spool did not accept it. */
  UNCONFIRMED,
  /** Kafka refused this record, for example as too large. */
  REFUSED,
  /** The topic no longer has the event's partition. */
  NO_PARTITION,
  /** Dropped by an earlier process that had published none of its numbers. */
  EARLIER,
  /** The event could not be written as JSON. */
  UNWRITABLE,
  /** Decided after the publisher had stopped. */
  STOPPED;

  /** The name in metrics and JSON. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
