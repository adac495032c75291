package io.ratelimiter.service.rules.store;

import java.math.BigDecimal;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Random rules whose spending is at its bounds, or beyond them. */
final class RandomSpending {

  private static final String[] SHARES = {
    "0", "0.5", "0.2", "0.95", "0.0001", "0.9501", "0.00001", "-0.0001", "1", "0.20000"
  };

  private RandomSpending() {}

  /** A rule in the format of the admin API. */
  static ObjectNode rule(Random random) {
    ObjectNode rule = new JsonMapper().createObjectNode().put("client_id", "random");
    rule.put("algorithm", any(random, null, "token_bucket", "fixed_window", "sliding_window"));
    rule.put("rate", any(random, 100L, 20L, 10_000L, 1_000_000_000L, 0L));
    rule.put("window", any(random, 60L, 1L, 9L));
    rule.put("burst", any(random, null, 5L, 850_000_000L, 1_000_000_000L));
    if (random.nextInt(4) == 0) {
      rule.put("mode", "exempt");
      if (random.nextBoolean()) {
        rule.putNull("rate").putNull("window").putNull("burst");
      }
    }
    if (random.nextBoolean()) {
      rule.putObject("reserve")
          .put("normal", new BigDecimal(any(random, SHARES)))
          .put("low", new BigDecimal(any(random, SHARES)));
    }
    rule.put("max_wait_ms", any(random, 0L, 8_000L, 30_000L, 1L, 8_001L, 30_001L, -1L));
    rule.put(
        "overdraft",
        any(random, 0L, 50L, 200L, 1_000L, 8_000_000_000L, 51L, 1_001L, 8_150_000_001L, -1L));
    return rule;
  }

  /** Biased towards the first ones, which are valid together. */
  @SafeVarargs
  private static <T> T any(Random random, T... of) {
    return of[random.nextInt(random.nextBoolean() ? 2 : of.length)];
  }
}
