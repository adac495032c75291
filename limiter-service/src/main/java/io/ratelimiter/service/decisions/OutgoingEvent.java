package io.ratelimiter.service.decisions;

import org.jspecify.annotations.Nullable;

/**
 * An event as it goes to Kafka, or to disk and later to Kafka: serialized once.
 *
 * @param series whose number it carries
 * @param seq its number; 0 for a ledger, which takes none
 * @param id unique: {@code ce_id}
 * @param correlationId null for a ledger, which answers nobody
 * @param timeMicros when it happened, microseconds since 1970: {@code ce_time}
 * @param key UTF-8 of {@code tenant/client_id}, of a ledger {@code ~ledger/instance}; shared, not
 *     to be changed
 * @param value JSON; shared, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and copied it would cost the hot path
record OutgoingEvent(
    Series series,
    long seq,
    EventKind kind,
    String id,
    @Nullable String correlationId,
    long timeMicros,
    byte[] key,
    byte[] value) {

  /**
   * Beside key and value: this, the record with its headers, ids, and what waits for the answer.
   */
  private static final int OVERHEAD_BYTES = 1_024;

  /** Memory that it takes until it is answered or on disk, the producer's copy aside. */
  int bytes() {
    return OVERHEAD_BYTES + key.length + value.length;
  }
}
