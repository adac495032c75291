package io.ratelimiter.schemas;

/** What the block-rates topic carries ({@code block-rate.v1.json}). */
public sealed interface BlockRateRecord permits MinuteRow, Watermark {

  /** {@code schema_version} of what this code writes. */
  int SCHEMA_VERSION = 1;

  /** Partition of the decisions topic that it was computed from. */
  int partition();

  /** {@code AUDIT_GENERATION} of the run that computed it. */
  int generation();

  /** Counts the changes of what it says, from 1: of two with one key the higher pair wins. */
  long revision();
}
