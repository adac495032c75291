package io.ratelimiter.auditor.topology.state;

import io.ratelimiter.auditor.completeness.StateVersion;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/**
 * One of the {@link Registers} of a row, as it is stored.
 *
 * @param lastChange the number of its last change among all changes of the partition
 */
public record StoredRegister(byte rank, long lastChange) {

  /** The key of a register: that of its row and the register's index. */
  public static Bytes key(Bytes row, int index) {
    byte[] bytes = row.get();
    return Bytes.wrap(
        ByteBuffer.allocate(bytes.length + Short.BYTES).put(bytes).putShort((short) index).array());
  }

  /** The upper bound of the keys of a row's registers. */
  public static Bytes lastKey(Bytes row) {
    return key(row, Short.MAX_VALUE);
  }

  /** The index of the register with this key. */
  public static int index(Bytes key) {
    byte[] bytes = key.get();
    return ByteBuffer.wrap(bytes).getShort(bytes.length - Short.BYTES);
  }

  public static StoredRegister decode(byte[] value) {
    ByteBuffer in = StateVersion.read(value);
    return new StoredRegister(in.get(), Varint.read(in));
  }

  public byte[] encode() {
    ByteBuffer out = StateVersion.write(ByteBuffer.allocate(2 + Varint.MAX_BYTES)).put(rank);
    Varint.write(lastChange, out);
    return Arrays.copyOf(out.array(), out.position());
  }
}
