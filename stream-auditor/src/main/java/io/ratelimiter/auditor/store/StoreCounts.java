package io.ratelimiter.auditor.store;

/** Hears what is written, for metrics. */
public interface StoreCounts {

  /** So many rows were sent to PostgreSQL. */
  void upserts(int rows);
}
