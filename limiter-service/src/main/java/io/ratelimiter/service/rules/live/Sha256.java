package io.ratelimiter.service.rules.live;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 hash. */
final class Sha256 {

  private static final int BITS_DROPPED = 16;

  private final byte[] hash;

  private Sha256(byte[] hash) {
    this.hash = hash;
  }

  /** An empty digest. */
  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The hash of these bytes. */
  static Sha256 of(byte[] content) {
    return new Sha256(digest().digest(content));
  }

  /** The hash in 64 lower-case hexadecimal digits. */
  String hex() {
    return HexFormat.of().formatHex(hash);
  }

  /** The first 48 bits of the hash: a whole number that JSON and Lua represent exactly. */
  long first48Bits() {
    return ByteBuffer.wrap(hash).getLong() >>> BITS_DROPPED;
  }
}
