package io.ratelimiter.schemas.audit;

import io.ratelimiter.schemas.topics.Topics;

/**
 * A record without a value, which deletes the records of its key from one of the auditor's topics.
 *
 * @param partition of the decisions topic; the record is on that number modulo the topic's count
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Tombstone(String topic, int partition, byte[] key) {

  private static final AuditWriter WRITER = new AuditWriter();

  /** Deletes a row or a watermark. */
  public static Tombstone of(BlockRateRecord record) {
    return new Tombstone(Topics.BLOCK_RATES, record.partition(), WRITER.key(record));
  }

  /** Deletes the report of a series. */
  public static Tombstone ofSeries(
      String topic, String instance, String epoch, int partition, int generation) {
    byte[] key = WRITER.seriesKey(topic, instance, epoch, partition, generation);
    return new Tombstone(Topics.COMPLETENESS, partition, key);
  }
}
