package io.ratelimiter.service.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.TimedLimiter;
import io.ratelimiter.service.limiter.local.ModelLimiter;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One random walk on two limiters. */
final class Differential {

  /** Later than the real clock, since Redis deletes keys whose expiry has passed. */
  private static final long START_MICROS = 4_000_000_000_000_000L;

  private static final long[] LIMITS = {1, 2, 3, 7, 10, 60, 100, 997, 10_000};
  private static final long[] WIDE_LIMITS = {1, 5, 100, 99_991, 1_000_000_000};
  private static final long[] WINDOWS = {1, 2, 7, 60, 3_600, 86_400};
  private static final int SCENE_STEPS = 400;

  private final TimedLimiter redis;
  private final Random random;
  private final Map<String, Integer> counts = new TreeMap<>();
  private final List<Rule> rules = new ArrayList<>();

  private TimedLimiter model = new ModelLimiter();
  private long nowMicros = START_MICROS;
  private int steps;
  private int scene;

  Differential(TimedLimiter redis, long seed) {
    this.redis = redis;
    this.random = new Random(seed);
    for (String what : List.of("allowed", "blocked", "never", "rebased", "refunded", "reset")) {
      counts.put(what, 0);
    }
  }

  /** Number of each kind of answer. */
  Map<String, Integer> counts() {
    return counts;
  }

  void step() {
    if (steps++ % SCENE_STEPS == 0) {
      newScene();
    }
    moveClock();
    switch (random.nextInt(100)) {
      case 0, 1, 2 -> changeRule();
      case 3, 4, 5, 6, 7, 8 -> refund();
      case 9 -> reset();
      default -> check();
    }
  }

  /** Other clients and other rules, so that the walk does not settle. */
  private void newScene() {
    scene++;
    model = new ModelLimiter();
    rules.clear();
    int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 8 : 3);
    for (int id = 1; id <= count; id++) {
      Policy policy = policy(pick(Algorithm.values()));
      rules.add(
          id > 1 && random.nextInt(4) == 0
              ? Rules.shadow(id, policy)
              : Rules.enforcing(id, policy));
    }
  }

  private Policy policy(Algorithm algorithm) {
    boolean log = algorithm == Algorithm.SLIDING_WINDOW;
    long limit = pick(log || random.nextBoolean() ? LIMITS : WIDE_LIMITS);
    long window = pick(WINDOWS);
    if (algorithm != Algorithm.TOKEN_BUCKET) {
      return Rules.policy(algorithm, limit, window);
    }
    return Rules.bucket(
        limit, window, Math.max(1, (long) (limit * random.nextDouble() * 3)) % 1_000_000_000 + 1);
  }

  /** Keeps id, algorithm and window, so that what was consumed is kept. */
  private void changeRule() {
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
    rules.set(
        index,
        old.enforcing() ? Rules.enforcing(old.id(), changed) : Rules.shadow(old.id(), changed));
  }

  private long changed(long value) {
    long next = random.nextBoolean() ? value * 2 : Math.max(1, value / 2);
    return Math.min(1_000_000_000, next);
  }

  private void moveClock() {
    long window = rules.get(random.nextInt(rules.size())).policy().windowMicros();
    switch (random.nextInt(200)) {
      case 0 -> nowMicros -= (long) (window * random.nextDouble());
      case 1 -> nowMicros -= window + (long) (window * random.nextDouble() * 3);
      case 2, 3 -> nowMicros += (long) (window * random.nextDouble() * 3);
      case 4, 5, 6, 7 -> nowMicros += window - nowMicros % window - random.nextInt(2);
      case 8, 9, 10, 11, 12, 13 -> {}
      default -> nowMicros += (long) (window * random.nextDouble() / 20);
    }
    nowMicros = Math.max(nowMicros, START_MICROS / 2 + 1);
  }

  private void check() {
    Check check = checkOf(cost());
    Match match = match();
    Decision fromRedis = redis.check(nowMicros, check, match);
    assertThat(fromRedis).as(this::where).isEqualTo(model.check(nowMicros, check, match));
    switch (fromRedis) {
      case Decision.Allowed _ -> count("allowed");
      case Decision.Blocked blocked ->
          count(blocked.retryAfterMicros() == LimitOutcome.Evaluated.NEVER ? "never" : "blocked");
      case Decision.FailedClosed _ -> throw new AssertionError("the store failed");
    }
    if (fromRedis.limits().stream()
        .anyMatch(
            limit -> limit instanceof LimitOutcome.Evaluated evaluated && evaluated.rebased())) {
      count("rebased");
    }
  }

  private void refund() {
    @Nullable String id = random.nextBoolean() ? null : "refund-" + random.nextInt(40);
    Check check = checkOf(1 + cost());
    Adjustment fromRedis = redis.refund(nowMicros, check, match(), id);
    assertThat(fromRedis).as(this::where).isEqualTo(model.refund(nowMicros, check, match(), id));
    if (fromRedis.limits().stream().anyMatch(limit -> limit.givenBack() > 0)) {
      count("refunded");
    }
  }

  private void reset() {
    Check check = checkOf(0);
    assertThat(redis.reset(nowMicros, check, match()))
        .as(this::where)
        .isEqualTo(model.reset(nowMicros, check, match()));
    count("reset");
  }

  private Check checkOf(long cost) {
    return new Check("default", "scene-" + scene, "key-" + random.nextInt(2), cost);
  }

  private long cost() {
    long limit = rules.get(random.nextInt(rules.size())).policy().capacity();
    return switch (random.nextInt(12)) {
      case 0 -> 0;
      case 1 -> Math.min(limit, Check.MAX_COST - 1);
      case 2 -> Math.min(limit + 1, Check.MAX_COST - 1);
      case 3, 4, 5 -> Math.min(1 + limit / (1 + random.nextInt(10)), Check.MAX_COST - 1);
      default -> 1;
    };
  }

  private Match match() {
    return new Match(rules, 1);
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  private String where() {
    return "step " + steps + ", scene " + scene + ", now " + nowMicros + ", rules " + rules;
  }

  private <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private long pick(long[] values) {
    return values[random.nextInt(values.length)];
  }
}
