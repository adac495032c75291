package io.ratelimiter.auditor.store;

/** Counts the sink's work, for metrics. */
public interface StoreCounts {

  /** Rows were written to PostgreSQL in one transaction, which took {@code nanos}. */
  void upserts(int rows, long nanos);

  /**
   * A record was sent to the dead-letter topic.
   *
   * @param origin topic, partition and offset of the record
   * @param reason why it was refused, in one line
   */
  void deadLetter(String origin, String reason);

  /** A batch could not be written and will be redelivered. */
  void batchFailed();
}
