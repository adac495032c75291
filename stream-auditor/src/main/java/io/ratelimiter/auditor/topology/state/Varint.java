package io.ratelimiter.auditor.topology.state;

import java.nio.ByteBuffer;

/** Numbers from 0 in groups of seven bits, the lowest first: most figures have one byte. */
final class Varint {

  static final int MAX_BYTES = 9;

  private static final int GROUP_BITS = 7;
  private static final int MORE = 1 << GROUP_BITS;

  private Varint() {}

  static void write(long number, ByteBuffer out) {
    long left = number;
    while (left >= MORE) {
      out.put((byte) (left | MORE));
      left >>>= GROUP_BITS;
    }
    out.put((byte) left);
  }

  static long read(ByteBuffer in) {
    long number = 0;
    for (int shift = 0; ; shift += GROUP_BITS) {
      byte group = in.get();
      number |= (group & (MORE - 1L)) << shift;
      if (group >= 0) {
        return number;
      }
    }
  }
}
