package io.ratelimiter.schemas.audit;

/** A record of the block-rates topic ({@code block-rate.v1.json}). */
public sealed interface BlockRateRecord permits MinuteRow, Watermark {

  /** The {@code schema_version} that this code writes. */
  int SCHEMA_VERSION = 1;

  /** Partition of the decisions topic from which it was computed. */
  int partition();

  /** {@code AUDIT_GENERATION} of the run that computed it. */
  int generation();

  /**
   * Count of changes, from 1; of two records with one key the one with the higher (generation,
   * revision) is valid.
   */
  long revision();
}
