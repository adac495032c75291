package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.rules.Attributes;
import io.ratelimiter.service.rules.Priority;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** Random checks of one scene of {@link Differential}, which has a tenant of its own. */
final class RandomChecks {

  private final Random random;
  private final RandomRules rules;
  private final String tenant;
  private int decisions;

  RandomChecks(Random random, RandomRules rules, int scene) {
    this.random = random;
    this.rules = rules;
    this.tenant = "scene-" + scene;
  }

  /** Of two clients, limit keys and addresses; not every check has a plan. */
  Check of(long cost) {
    Map<String, String> attributes = new HashMap<>();
    attributes.put("ip", "10.0.0." + random.nextInt(2));
    if (random.nextInt(3) > 0) {
      attributes.put("plan", "pro");
    }
    return new Check(
        tenant,
        "client-" + random.nextInt(2),
        "key-" + random.nextInt(2),
        Attributes.of(attributes),
        cost,
        options(cost));
  }

  /** Default for half of the checks; a check of cost 0 neither waits nor can be settled. */
  private CheckOptions options(long cost) {
    if (random.nextBoolean()) {
      return CheckOptions.DEFAULT;
    }
    Priority priority = Priority.values()[random.nextInt(3)];
    long maxWait = cost == 0 || random.nextBoolean() ? 0 : random.nextInt(30_001);
    return cost == 0 || random.nextBoolean()
        ? new CheckOptions(priority, maxWait, 0, null)
        : new CheckOptions(priority, maxWait, 3_600_000, "d" + ++decisions);
  }

  /** A cost around the capacity of one of the rules, units. */
  long cost() {
    long limit = rules.any().capacity();
    return switch (random.nextInt(12)) {
      case 0 -> 0;
      case 1 -> Math.min(limit, Check.MAX_COST - 1);
      case 2 -> Math.min(limit + 1, Check.MAX_COST - 1);
      case 3, 4, 5 -> Math.min(1 + limit / (1 + random.nextInt(10)), Check.MAX_COST - 1);
      default -> 1;
    };
  }
}
