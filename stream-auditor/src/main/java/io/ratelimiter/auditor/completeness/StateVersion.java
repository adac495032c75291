package io.ratelimiter.auditor.completeness;

import java.nio.ByteBuffer;

/**
 * The version of the state, the first byte of each value in a store. It is 2: before there were
 * versions, values began with 0 or 1.
 */
public final class StateVersion {

  private static final byte CURRENT = 2;

  private StateVersion() {}

  public static ByteBuffer write(ByteBuffer out) {
    return out.put(CURRENT);
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
