package io.ratelimiter.service.decisions.spool.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An event on disk.
 *
 * @param row its position in the spool; 0 while it is not spooled
 * @param epoch id of the epoch that issued its number
 * @param kind its {@code ce_type}
 * @param eventId its {@code ce_id}
 * @param timeMicros its {@code ce_time}, microseconds since 1970
 * @param spooledAtMillis when it was spooled, milliseconds since 1970
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SpooledEvent(
    long row,
    String epoch,
    int partition,
    long seq,
    String kind,
    String eventId,
    @Nullable String correlationId,
    long timeMicros,
    byte[] key,
    byte[] value,
    long spooledAtMillis) {

  /** Approximate size beside key and value, bytes. */
  private static final int OVERHEAD = 200;

  /** CRC-32C of every column but the row's id, to detect damage. */
  long checksum() {
    CRC32C crc = new CRC32C();
    add(crc, text(epoch));
    add(crc, text(kind));
    add(crc, text(eventId));
    add(crc, text(correlationId == null ? "" : correlationId));
    add(crc, key);
    add(crc, value);
    crc.update(
        ByteBuffer.allocate(4 * Long.BYTES)
            .putLong(partition)
            .putLong(seq)
            .putLong(timeMicros)
            .putLong(spooledAtMillis)
            .flip());
    return crc.getValue();
  }

  /** Approximate size on disk, bytes. */
  long bytes() {
    return (long) key.length + value.length + OVERHEAD;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void add(CRC32C crc, byte[] bytes) {
    crc.update(bytes.length);
    crc.update(bytes);
  }
}
