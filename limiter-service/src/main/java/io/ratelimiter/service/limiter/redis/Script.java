package io.ratelimiter.service.limiter.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A Lua script as it is sent to Redis.
 *
 * @param operation {@code check}, {@code refund}, {@code reset} or {@code settle}
 * @param source the complete text
 * @param sha SHA-1 of the source, 40 hex digits, which {@code EVALSHA} takes
 */
record Script(String operation, String source, String sha) {

  static Script of(String operation, String source) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1").digest(source.getBytes(StandardCharsets.UTF_8));
      return new Script(operation, source, HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
