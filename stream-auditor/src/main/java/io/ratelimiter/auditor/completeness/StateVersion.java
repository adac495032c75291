package io.ratelimiter.auditor.completeness;

import java.nio.ByteBuffer;

/** The first byte of each stored value: the version of its encoding. */
final class StateVersion {

  private static final byte CURRENT = 1;

  private StateVersion() {}

  static ByteBuffer write(ByteBuffer out) {
    return out.put(CURRENT);
  }

  /**
   * Reads the version of a value.
   *
   * @throws IllegalStateException when another version of the auditor wrote the value
   */
  static ByteBuffer read(byte[] value) {
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
