package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleBuilder;
import io.ratelimiter.service.rules.Spending;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The rules of one scene of {@link Differential}. Some count by client and limit key, some across
 * clients, some by an attribute that not every check has.
 */
final class RandomRules {

  private static final long[] LIMITS = {1, 2, 3, 7, 10, 60, 100, 997, 10_000};
  private static final long[] SMALL_LIMITS = {3, 7, 10, 60};
  private static final long[] WIDE_LIMITS = {1, 5, 100, 99_991, 1_000_000_000};
  private static final long[] WINDOWS = {1, 2, 7, 60, 3_600, 86_400};
  private static final List<List<String>> BY =
      List.of(
          List.of(),
          List.of("ip"),
          List.of("client_id"),
          List.of("client_id", "ip"),
          List.of("ip", "limit_key"),
          List.of("client_id", "ip", "limit_key", "plan"),
          List.of("plan"));

  private final Random random;
  private final List<Rule> rules = new ArrayList<>();

  /** Whether most checks that are too early may wait. */
  private final boolean waiting;

  RandomRules(Random random) {
    this.random = random;
    waiting = random.nextInt(4) == 0;
    int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 8 : 3);
    for (int id = 1; id <= count; id++) {
      Policy policy = policy();
      RuleBuilder rule = RuleBuilder.rule(id, "*", "*").policy(policy).spending(spending(policy));
      if (random.nextInt(2) == 0) {
        rule.by(BY.get(random.nextInt(id == 1 ? BY.size() - 2 : BY.size())).toArray(String[]::new));
      }
      rules.add(id > 1 && random.nextInt(4) == 0 ? rule.shadow().limit() : rule.limit());
    }
  }

  private Policy policy() {
    if (waiting) {
      return Rules.bucket(pick(SMALL_LIMITS), 1 + random.nextInt(20), 1 + random.nextInt(10));
    }
    Algorithm algorithm = Algorithm.values()[random.nextInt(Algorithm.values().length)];
    boolean log = algorithm == Algorithm.SLIDING_WINDOW;
    long limit = pick(log || random.nextBoolean() ? LIMITS : WIDE_LIMITS);
    long window = pick(WINDOWS);
    if (algorithm != Algorithm.TOKEN_BUCKET) {
      return Rules.policy(algorithm, limit, window);
    }
    return Rules.bucket(
        limit, window, Math.max(1, (long) (limit * random.nextDouble() * 3)) % 1_000_000_000 + 1);
  }

  /** Plain for half of the rules; what the policy cannot have is left out. */
  private Spending spending(Policy policy) {
    if (!waiting && random.nextBoolean()) {
      return Spending.PLAIN;
    }
    int normal = random.nextInt(3) * random.nextInt(3_000);
    int low = Math.min(Spending.MAX_RESERVE, normal + random.nextInt(5_000));
    long capacity = policy.capacity();
    boolean wide = capacity + 30 * policy.limit() > Spending.MAX_CEILING;
    boolean waits =
        !wide && policy instanceof Policy.TokenBucket && (waiting || random.nextBoolean());
    long overdraft =
        random.nextBoolean() ? 0 : (long) (capacity * random.nextDouble() * (wide ? 3 : 10));
    return new Spending(normal, low, waits ? 1 + random.nextInt(30_000) : 0, overdraft);
  }

  /** The rule as it is now. */
  Rule inForce(Rule earlier) {
    return rules.get((int) earlier.id() - 1);
  }

  /** The rules that apply: those of which the check has every attribute. */
  Match match(Check check) {
    return new Match(
        rules.stream()
            .filter(rule ->
                rule.terms().by() == null
                    || rule.terms().by().stream().allMatch(name -> check.attribute(name) != null))
            .toList(),
        1);
  }

  /** The policy of any of the rules. */
  Policy any() {
    return rules.get(random.nextInt(rules.size())).policy();
  }

  /** Changes a rule, but not its id, algorithm and window, so that what was consumed is kept. */
  void change() {
    int index = random.nextInt(rules.size());
    Rule old = rules.get(index);
    long window = old.policy().windowSeconds();
    Policy changed =
        switch (old.policy()) {
          case Policy.TokenBucket bucket ->
              Rules.bucket(changed(bucket.limit()), window, changed(bucket.burst()));
          case Policy.SlidingWindow log ->
              Rules.policy(log.algorithm(), Math.min(10_000, changed(log.limit())), window);
          case Policy other -> Rules.policy(other.algorithm(), changed(other.limit()), window);
        };
    rules.set(index, new Rule(old.id(), 1, 0, old.terms(), changed, spending(changed)));
  }

  private long changed(long value) {
    long next = random.nextBoolean() ? value * 2 : Math.max(1, value / 2);
    return Math.min(1_000_000_000, next);
  }

  private long pick(long[] values) {
    return values[random.nextInt(values.length)];
  }

  @Override
  public String toString() {
    return rules.toString();
  }
}
