package io.ratelimiter.auditor.store;

/** Hears what is written, for metrics. */
public interface StoreCounts {

  /** So many rows were sent to PostgreSQL in one transaction, which took so long. */
  void upserts(int rows, long nanos);

  /**
   * A record was set aside.
   *
   * @param origin its topic, partition and offset
   * @param reason why it was refused, in one line
   */
  void deadLetter(String origin, String reason);

  /** A batch could not be written; it comes again. */
  void batchFailed();
}
