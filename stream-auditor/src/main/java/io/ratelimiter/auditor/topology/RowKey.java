package io.ratelimiter.auditor.topology;

import io.ratelimiter.schemas.audit.MinuteRow.Dimensions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** Encodes a row's dimensions as a store key, which sorts by minute. */
final class RowKey {

  private static final int SECONDS = 60;
  private static final byte TOTAL = 0;
  private static final byte CLIENT = 1;

  private RowKey() {}

  static Bytes encode(Dimensions dimensions) {
    byte[] tenant = bytes(dimensions.tenant());
    byte[] client = dimensions.clientId() == null ? null : bytes(dimensions.clientId());
    byte[] limitKey = bytes(dimensions.limitKey());
    byte[] rule = bytes(dimensions.rule());
    byte[] algorithm = bytes(dimensions.algorithm());
    int size = Integer.BYTES + 1 + 4 * Short.BYTES;
    size += tenant.length + limitKey.length + rule.length + algorithm.length;
    size += client == null ? 0 : Short.BYTES + client.length;
    ByteBuffer out = ByteBuffer.allocate(size);
    out.putInt((int) (dimensions.windowStart() / SECONDS));
    out.put(client == null ? TOTAL : CLIENT);
    put(out, tenant);
    if (client != null) {
      put(out, client);
    }
    put(out, limitKey);
    put(out, rule);
    put(out, algorithm);
    return Bytes.wrap(out.array());
  }

  static Dimensions decode(Bytes key) {
    ByteBuffer in = ByteBuffer.wrap(key.get());
    long windowStart = in.getInt() * (long) SECONDS;
    boolean ofClient = in.get() == CLIENT;
    String tenant = text(in);
    @Nullable String client = ofClient ? text(in) : null;
    return new Dimensions(windowStart, tenant, client, text(in), text(in), text(in));
  }

  /** The lower bound of the keys of a minute (seconds since 1970). */
  static Bytes firstOf(long windowStart) {
    return Bytes.wrap(
        ByteBuffer.allocate(Integer.BYTES).putInt((int) (windowStart / SECONDS)).array());
  }

  /** The minute of a key, seconds since 1970. */
  static long windowStart(Bytes key) {
    return ByteBuffer.wrap(key.get()).getInt() * (long) SECONDS;
  }

  private static byte[] bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > Short.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a name has " + bytes.length + " bytes, max is " + Short.MAX_VALUE);
    }
    return bytes;
  }

  private static void put(ByteBuffer out, byte[] text) {
    out.putShort((short) text.length).put(text);
  }

  private static String text(ByteBuffer in) {
    byte[] text = new byte[in.getShort()];
    in.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
