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
 * @param key UTF-8 of {@code tenant/client_id}, for a ledger {@code ~ledger/instance}; shared, must
 *     not be modified
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
   * Memory beside key and value: this object, the record with its headers, ids, and the callback.
   */
  private static final int OVERHEAD_BYTES = 1_024;

  /**
   * Bytes of memory that it takes until it is acknowledged or on disk, without the producer's copy.
   */
  int bytes() {
    return OVERHEAD_BYTES + key.length + value.length;
  }
}
