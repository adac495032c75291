package io.ratelimiter.schemas.audit;

/** A record of the block-rates topic ({@code block-rate.v1.json}). */
public sealed interface BlockRateRecord permits AuditRow, Watermark {

  /** The {@code schema_version} that this code writes. */
  int SCHEMA_VERSION = 1;

  /** The decisions topic from which it was computed. */
  String topic();

  /** Partition of the decisions topic from which it was computed. */
  int partition();

  /** {@code AUDIT_GENERATION} of the run that computed it. */
  int generation();

  /**
   * Count of changes, from 1; of two records with one key the one with the higher revision is
   * valid.
   */
  long revision();
}
