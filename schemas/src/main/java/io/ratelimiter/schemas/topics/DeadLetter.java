package io.ratelimiter.schemas.topics;

import io.ratelimiter.schemas.EventHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * A refused record in its form on {@link Topics#DEAD_LETTERS}: key, value and headers as received,
 * followed by headers with its origin and the reason. A record that is too large for the topic is
 * cut, and {@link #CUT} states its original sizes.
 */
public final class DeadLetter {

  /** Header with the reason; named as in Kafka Streams. */
  public static final String MESSAGE = "__streams.errors.message";

  public static final String TOPIC = "__streams.errors.topic";
  public static final String PARTITION = "__streams.errors.partition";
  public static final String OFFSET = "__streams.errors.offset";

  /** Header of a cut record: its original and its remaining sizes. */
  public static final String CUT = "dead-letter-cut";

  /** Max size of a record on the topic as the services create it, bytes. */
  public static final int MAX_BYTES = 2 << 20;

  /** Bytes for the added headers and the overhead of a batch. */
  private static final int RESERVED_BYTES = 16 << 10;

  private static final int CUT_KEY_BYTES = 4 << 10;
  private static final int CUT_HEADER_BYTES = 256;
  private static final int REASON_CHARACTERS = 500;

  /** Max overhead of a header beside its name and value, bytes. */
  private static final int HEADER_OVERHEAD = 16;

  private final byte @Nullable [] key;
  private final byte @Nullable [] value;
  private final List<Header> headers;
  private final String reason;

  private DeadLetter(
      byte @Nullable [] key, byte @Nullable [] value, List<Header> headers, String reason) {
    this.key = key;
    this.value = value;
    this.headers = List.copyOf(headers);
    this.reason = reason;
  }

  /** The key as received, or its first bytes. */
  public byte @Nullable [] key() {
    return key;
  }

  /** The value as received, or its first bytes. */
  public byte @Nullable [] value() {
    return value;
  }

  /** The record's headers, followed by the added ones. */
  public List<Header> headers() {
    return headers;
  }

  /** The reason, in one line. */
  public String reason() {
    return reason;
  }

  /** The topic, partition and offset of the record. */
  public record Origin(String topic, int partition, long offset) {

    @Override
    public String toString() {
      return topic + "-" + partition + "@" + offset;
    }
  }

  /**
   * Creates the dead letter of a record.
   *
   * @param fault the reason; may quote the record
   * @param maxBytes max size of a record on the dead-letter topic, bytes
   */
  public static DeadLetter of(
      Origin origin,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Iterable<Header> headers,
      @Nullable String fault,
      int maxBytes) {
    String reason = oneLine(String.valueOf(fault));
    int room = Math.max(maxBytes, 4 * RESERVED_BYTES) - RESERVED_BYTES;
    long bytes = (long) length(key) + length(value) + bytes(headers);
    if (bytes <= room) {
      return new DeadLetter(key, value, with(headers, origin, reason), reason);
    }
    byte[] cutKey = cut(key, CUT_KEY_BYTES);
    byte[] cutValue = cut(value, room / 2);
    List<Header> all = with(identifying(headers), origin, reason);
    all.add(
        header(
            CUT,
            "key %d of %d bytes, value %d of %d bytes"
                .formatted(length(cutKey), length(key), length(cutValue), length(value))));
    return new DeadLetter(cutKey, cutValue, all, reason);
  }

  private static long bytes(Iterable<Header> headers) {
    long bytes = 0;
    for (Header header : headers) {
      bytes += 3L * header.key().length() + length(header.value()) + HEADER_OVERHEAD;
    }
    return bytes;
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static byte @Nullable [] cut(byte @Nullable [] bytes, int max) {
    return bytes == null || bytes.length <= max ? bytes : Arrays.copyOf(bytes, max);
  }

  /** Keeps the short headers, which identify the event. */
  private static List<Header> identifying(Iterable<Header> headers) {
    List<Header> all = new ArrayList<>();
    for (String name : List.of(EventHeaders.CE_TYPE, EventHeaders.CORRELATION_ID)) {
      Header last = null;
      for (Header header : headers) {
        last = header.key().equals(name) ? header : last;
      }
      if (last != null && length(last.value()) <= CUT_HEADER_BYTES) {
        all.add(last);
      }
    }
    return all;
  }

  private static List<Header> with(Iterable<Header> headers, Origin origin, String reason) {
    List<Header> all = new ArrayList<>();
    headers.forEach(all::add);
    all.add(header(MESSAGE, reason));
    all.add(header(TOPIC, origin.topic()));
    all.add(header(PARTITION, String.valueOf(origin.partition())));
    all.add(header(OFFSET, String.valueOf(origin.offset())));
    return all;
  }

  /** One line: a reason may quote the record, which must not forge lines of the log. */
  private static String oneLine(String reason) {
    String line = reason.replaceAll("[\\p{Cc}\\p{Cs}]", "?");
    return line.length() <= REASON_CHARACTERS ? line : line.substring(0, REASON_CHARACTERS) + "…";
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
