package io.ratelimiter.service.decisions.series;

import org.jspecify.annotations.Nullable;

/**
 * A serialized event, ready for Kafka or for the spool.
 *
 * @param series the series that issued its number
 * @param seq its number; 0 for a ledger, which has none
 * @param id unique: {@code ce_id}
 * @param correlationId null for a ledger, which belongs to no request
 * @param timeMicros {@code ce_time}, microseconds since 1970
 * @param key UTF-8 of {@code tenant/client_id}, for a ledger {@code ~ledger/instance}; shared, must
 *     not be modified
 * @param value JSON; shared, must not be modified
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy would cost the check path
public record OutgoingEvent(
    IssuedSeries series,
    long seq,
    EventKind kind,
    String id,
    @Nullable String correlationId,
    long timeMicros,
    byte[] key,
    byte[] value) {

  /** Memory beside key and value: this object, the record with its headers, ids, the callback. */
  private static final int OVERHEAD_BYTES = 1_024;

  /** Memory until the event is acknowledged or on disk, bytes; without the producer's copy. */
  public int bytes() {
    return OVERHEAD_BYTES + key.length + value.length;
  }
}
