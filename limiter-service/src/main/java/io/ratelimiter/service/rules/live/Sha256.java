package io.ratelimiter.service.rules.live;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 hashes. */
final class Sha256 {

  private static final int BITS_DROPPED = 16;

  private Sha256() {}

  /** An empty digest. */
  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The hash of these bytes. */
  static byte[] of(byte[] content) {
    return digest().digest(content);
  }

  /** The hash in 64 lower-case hexadecimal digits. */
  static String hex(byte[] hash) {
    return HexFormat.of().formatHex(hash);
  }

  /** The first 48 bits of the hash: a whole number that JSON and Lua represent exactly. */
  static long first48Bits(byte[] hash) {
    return ByteBuffer.wrap(hash).getLong() >>> BITS_DROPPED;
  }
}
