package io.ratelimiter.auditor.topology.state;

import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;

/**
 * Encodes a row's dimensions as a store key. It begins with the minute from which the row does not
 * change any more, so that such rows are first in the store.
 */
public final class RowKey {

  private static final int SECONDS = 60;

  /** The position of a kind is its code in the store. */
  private static final List<Kind> KINDS =
      List.of(
          Kind.CLIENT,
          Kind.TOTAL,
          Kind.TENANT_TOTAL,
          Kind.INSTANCE_TOTAL,
          Kind.UNIQUE_CLIENTS,
          Kind.BILL);

  /** Bytes before the texts. */
  private static final int HEAD_BYTES = 2 * Integer.BYTES + 1 + Short.BYTES + Long.BYTES;

  private RowKey() {}

  /**
   * Encodes a key.
   *
   * @param fixedFrom minute (since 1970) from which the row does not change any more
   */
  public static Bytes encode(int fixedFrom, Dimensions row) {
    List<byte[]> texts = new ArrayList<>(row.texts().size());
    int size = HEAD_BYTES;
    for (String text : row.texts()) {
      byte[] bytes = bytes(text);
      texts.add(bytes);
      size += Short.BYTES + bytes.length;
    }
    ByteBuffer out = ByteBuffer.allocate(size);
    out.putInt(fixedFrom).put((byte) KINDS.indexOf(row.kind()));
    out.putInt((int) (row.start() / SECONDS)).putShort((short) row.part());
    out.putLong(row.ruleRevision());
    for (byte[] text : texts) {
      out.putShort((short) text.length).put(text);
    }
    return Bytes.wrap(out.array());
  }

  public static Dimensions decode(Bytes key) {
    ByteBuffer in = ByteBuffer.wrap(key.get());
    in.getInt();
    Kind kind = KINDS.get(in.get());
    long start = in.getInt() * (long) SECONDS;
    int part = in.getShort();
    long ruleRevision = in.getLong();
    List<String> texts = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] text = new byte[in.getShort()];
      in.get(text);
      texts.add(new String(text, StandardCharsets.UTF_8));
    }
    return new Dimensions(kind, start, part, ruleRevision, texts);
  }

  /** The lower bound of the keys with this {@code fixedFrom}. */
  public static Bytes firstOf(int fixedFrom) {
    return Bytes.wrap(ByteBuffer.allocate(Integer.BYTES).putInt(fixedFrom).array());
  }

  /** The minute (since 1970) from which the row of a key does not change any more. */
  public static int fixedFrom(Bytes key) {
    return ByteBuffer.wrap(key.get()).getInt();
  }

  private static byte[] bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > Short.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a name has " + bytes.length + " bytes, max is " + Short.MAX_VALUE);
    }
    return bytes;
  }
}
