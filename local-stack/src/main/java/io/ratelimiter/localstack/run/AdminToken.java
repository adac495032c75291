package io.ratelimiter.localstack.run;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;

/** The token for the admin API of this run. */
final class AdminToken {

  private static final int BYTES = 18;

  private AdminToken() {}

  /** {@code ADMIN_TOKEN} of the environment, else a random one. */
  static String from(Map<String, String> environment) {
    String given = environment.getOrDefault("ADMIN_TOKEN", "");
    return given.isEmpty() ? random() : given;
  }

  private static String random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
