package io.ratelimiter.auditor.store;

/** Hears what is written, for metrics. */
public interface StoreCounts {

  /** So many rows were sent to PostgreSQL in one transaction, which took so long. */
  void upserts(int rows, long nanos);

  /** A batch could not be written; it comes again. */
  void batchFailed();
}
