package io.ratelimiter.auditor.completeness;

import java.nio.ByteBuffer;

/**
 * The version of the state, the first byte of each value in a store. It is 2: before there were
 * versions, values began with 0 or 1. A row with figures of priorities, waits or settlements has
 * version 3, which earlier auditors refuse; a row without them is still of version 2.
 */
public final class StateVersion {

  private static final byte CURRENT = 2;
  private static final byte WITH_SPENDING = 3;

  private StateVersion() {}

  public static ByteBuffer write(ByteBuffer out) {
    return out.put(CURRENT);
  }

  /** Writes the version of a row with figures of priorities, waits or settlements. */
  public static ByteBuffer writeWithSpending(ByteBuffer out) {
    return out.put(WITH_SPENDING);
  }

  /** Whether the value is a row with figures of priorities, waits or settlements. */
  public static boolean hasSpending(byte[] value) {
    return value[0] == WITH_SPENDING;
  }

  /** Reads the version of a row, which may have figures of priorities, waits or settlements. */
  public static ByteBuffer readRow(byte[] value) {
    return hasSpending(value) ? ByteBuffer.wrap(value).position(1) : read(value);
  }

  /**
   * Reads the version of a value.
   *
   * @throws IllegalStateException when another version of the auditor wrote the value
   */
  public static ByteBuffer read(byte[] value) {
    ByteBuffer in = ByteBuffer.wrap(value);
    byte version = in.get();
    if (version != CURRENT) {
      throw new IllegalStateException(
          "the state has version %d, this auditor reads version %d: raise AUDIT_GENERATION"
              .formatted(version, CURRENT));
    }
    return in;
  }
}
