package io.ratelimiter.service.limiter.local;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * Maps a key of any length to 128 bits: the first half of SHA-256 over a random seed and the key.
 * Callers, which choose the keys, do not have the seed and cannot construct two keys with the same
 * hash. Not thread-safe.
 */
final class KeyHash {

  private static final int SEED_BYTES = 16;

  private final byte[] seed = new byte[SEED_BYTES];
  private final MessageDigest digest;

  KeyHash() {
    new SecureRandom().nextBytes(seed);
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** 128 bits. */
  record Hash(long high, long low) {}

  Hash of(String key) {
    digest.update(seed);
    ByteBuffer bytes = ByteBuffer.wrap(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
    return new Hash(bytes.getLong(), bytes.getLong());
  }
}
