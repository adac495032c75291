package io.ratelimiter.auditor.completeness;

import java.nio.ByteBuffer;

/** The first byte of each stored value: the version of its encoding. */
final class StateVersion {

  private static final byte CURRENT = 1;

  private StateVersion() {}

  /** A buffer for a value of this length, behind the version. */
  static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(1 + bytes).put(CURRENT);
  }

  /**
   * The value behind the version.
   *
   * @throws IllegalStateException when another version of the auditor wrote the value
   */
  static ByteBuffer open(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte version = in.get();
    if (version != CURRENT) {
      throw new IllegalStateException(
          "the state has version %d, this auditor reads version %d: raise AUDIT_GENERATION"
              .formatted(version, CURRENT));
    }
    return in;
  }
}
