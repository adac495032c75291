package io.ratelimiter.service.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.SettleRequest;
import io.ratelimiter.service.limiter.Settlement;
import io.ratelimiter.service.limiter.TimedLimiter;
import io.ratelimiter.service.limiter.local.ModelLimiter;
import io.ratelimiter.service.rules.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One random walk on two limiters. */
final class Differential {

  /** Later than the real clock, since Redis deletes keys whose expiry has passed. */
  private static final long START_MICROS = 4_000_000_000_000_000L;

  private static final int SCENE_STEPS = 400;

  private static final List<String> KINDS =
      List.of(
          "allowed",
          "blocked",
          "never",
          "rebased",
          "refunded",
          "reset",
          "shared",
          "waited",
          "settled back",
          "settled more",
          "settled less than cost",
          "settled again",
          "not settled");

  private final TimedLimiter redis;
  private final Random random;
  private final Map<String, Integer> counts = new TreeMap<>();

  /** Decisions that can be settled, the latest first. */
  private final List<Check> unsettled = new ArrayList<>();

  private RandomRules rules;
  private RandomChecks checks;
  private TimedLimiter model = new ModelLimiter();
  private long nowMicros = START_MICROS;
  private int steps;
  private int scene;

  Differential(TimedLimiter redis, long seed) {
    this.redis = redis;
    this.random = new Random(seed);
    this.rules = new RandomRules(random);
    this.checks = new RandomChecks(random, rules, scene);
    KINDS.forEach(what -> counts.put(what, 0));
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
      case 0, 1, 2 -> rules.change();
      case 3, 4, 5, 6, 7, 8 -> refund();
      case 9 -> reset();
      case 10, 11, 12, 13, 14, 15 -> settle();
      default -> check();
    }
  }

  /** Another tenant and other rules, so that the walk does not settle. */
  private void newScene() {
    scene++;
    model = new ModelLimiter();
    unsettled.clear();
    rules = new RandomRules(random);
    checks = new RandomChecks(random, rules, scene);
  }

  private void moveClock() {
    long window = rules.any().windowMicros();
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
    Check check = checks.of(checks.cost());
    Match match = rules.match(check);
    Decision fromRedis = redis.check(nowMicros, check, match);
    assertThat(fromRedis).as(this::where).isEqualTo(model.check(nowMicros, check, match));
    switch (fromRedis) {
      case Decision.Allowed _ -> count("allowed");
      case Decision.Blocked blocked ->
          count(blocked.retryAfterMicros() == LimitOutcome.Evaluated.NEVER ? "never" : "blocked");
      case Decision.FailedClosed _ -> throw new AssertionError("the store failed");
    }
    if (match.rules().stream().anyMatch(rule -> rule.terms().acrossClients())) {
      count("shared");
    }
    if (fromRedis.waitMicros() > 0) {
      count("waited");
    }
    if (fromRedis instanceof Decision.Allowed && check.options().settles()) {
      unsettled.addFirst(check);
    }
    if (fromRedis.limits().stream()
        .anyMatch(
            limit -> limit instanceof LimitOutcome.Evaluated evaluated && evaluated.rebased())) {
      count("rebased");
    }
  }

  private void refund() {
    @Nullable String id = random.nextBoolean() ? null : "refund-" + random.nextInt(40);
    Check check = checks.of(1 + checks.cost());
    Match match = rules.match(check);
    Adjustment fromRedis = redis.refund(nowMicros, check, match, id);
    assertThat(fromRedis).as(this::where).isEqualTo(model.refund(nowMicros, check, match, id));
    if (fromRedis.limits().stream().anyMatch(limit -> limit.givenBack() > 0)) {
      count("refunded");
    }
  }

  private void reset() {
    Check check = checks.of(0);
    Match match = rules.match(check);
    assertThat(redis.reset(nowMicros, check, match))
        .as(this::where)
        .isEqualTo(model.reset(nowMicros, check, match));
    count("reset");
  }

  /** Settles one of the last decisions by a random cost, or one that is unknown. */
  private void settle() {
    long cost = random.nextInt(4) == 0 ? 0 : checks.cost() + random.nextInt(3) * checks.cost();
    Check settled = checks.of(0);
    String id = "unknown";
    if (!unsettled.isEmpty() && random.nextInt(8) > 0) {
      settled = unsettled.get(Math.min(unsettled.size() - 1, random.nextInt(10)));
      id = settled.options().decisionId();
    }
    SettleRequest request =
        new SettleRequest(settled.tenant(), settled.clientId(), id, Math.min(Check.MAX_COST, cost))
            .under(rules::inForce);
    Optional<Settlement> fromRedis = redis.settle(nowMicros, request);
    assertThat(fromRedis).as(this::where).isEqualTo(model.settle(nowMicros, request));
    fromRedis.ifPresentOrElse(this::count, () -> count("not settled"));
  }

  private void count(Settlement settlement) {
    if (!settlement.adjustment().applied()) {
      count("settled again");
      return;
    }
    for (Adjustment.Limit limit : settlement.adjustment().limits()) {
      if (limit.givenBack() > 0) {
        count("settled back");
      } else if (limit.taken() > 0) {
        count("settled more");
      }
      if (limit.uncharged() > 0) {
        count("settled less than cost");
      }
    }
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  private String where() {
    return "step " + steps + ", scene " + scene + ", now " + nowMicros + ", rules " + rules;
  }
}
