package io.ratelimiter.service.limiter.proof;

import static io.ratelimiter.service.limiter.proof.RunEvents.LIMIT;
import static io.ratelimiter.service.limiter.proof.RunEvents.SEED;
import static io.ratelimiter.service.limiter.proof.RunEvents.START;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.SettleRequest;
import io.ratelimiter.service.limiter.Settlement;
import io.ratelimiter.service.limiter.local.ModelLimiter;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleBuilder;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Runs of checks with priorities, waits and settlements. */
final class SpendingRuns {

  /** Units beyond the capacity that a settlement may charge. */
  static final long OVERDRAFT = 5;

  private static final Priority[] PRIORITIES = Priority.values();
  private static final long[] MAX_WAITS = {0, 2_000, 9_000};
  private static final int CHECKS = 3_000;
  private static final long SECOND = 1_000_000;

  private SpendingRuns() {}

  /** A rule of {@link RunEvents#LIMIT} a minute. */
  static RuleBuilder minute(long id, Algorithm algorithm) {
    return RuleBuilder.rule(id, "*", "*").policy(Rules.policy(algorithm, LIMIT, 60));
  }

  /** A fifth of the limit is kept from normal priority, half from low. */
  static Recorder prioritized(Algorithm algorithm) {
    return run(Rules.match(minute(1, algorithm).reserve(2_000, 5_000).limit()), false);
  }

  /** Checks of all priorities wait up to 6 s for a bucket; a wider limit is seldom reached. */
  static Recorder waiting() {
    Rule bucket = minute(1, Algorithm.TOKEN_BUCKET).reserve(2_000, 5_000).maxWait(6_000).limit();
    Policy wide = Rules.policy(Algorithm.FIXED_WINDOW, LIMIT + 4, 60);
    return run(Rules.match(bucket, Rules.enforcing(2, wide)), true);
  }

  /** Checks of all priorities wait up to 6 s for a bucket that has no other limit beside it. */
  static Recorder waitingForOneBucket() {
    Rule bucket = minute(1, Algorithm.TOKEN_BUCKET).reserve(2_000, 5_000).maxWait(6_000).limit();
    return run(Rules.match(bucket), true);
  }

  private static Recorder run(Match match, boolean waiting) {
    Random random = new Random(SEED);
    Recorder recorder = new Recorder();
    ModelLimiter model = new ModelLimiter();
    for (int i = 0; i < CHECKS; i++) {
      Priority priority = PRIORITIES[random.nextInt(PRIORITIES.length)];
      long maxWait = waiting ? MAX_WAITS[random.nextInt(MAX_WAITS.length)] : 0;
      Check check =
          new Check("default", "client-" + i % 3, "key", 1 + random.nextInt(2))
              .with(new CheckOptions(priority, maxWait, 0, null));
      long now = START + i * 250_000L + random.nextInt(250_000);
      recorder.record(check, model.check(now, check, match));
    }
    return recorder;
  }

  /**
   * Every second allowed check is settled within seconds, by 0 to three times its estimate.
   *
   * @param twice whether the store applies what a settlement gives back a second time
   */
  static Recorder settled(Algorithm algorithm, boolean twice) {
    Match match = Rules.match(minute(1, algorithm).overdraft(OVERDRAFT).limit());
    Random random = new Random(SEED);
    Recorder recorder = new Recorder();
    ModelLimiter model = new ModelLimiter();
    Check settling = null;
    for (int i = 0; i < CHECKS; i++) {
      long now = START + i * 250_000L + random.nextInt(200_000);
      if (settling != null && random.nextBoolean()) {
        settle(model, recorder, now, settling, random.nextInt(13), twice ? match : null);
        settling = null;
      }
      Check check =
          new Check("default", "client-" + i % 3, "key", 1 + random.nextInt(4))
              .with(new CheckOptions(Priority.NORMAL, 0, 60_000, "s" + i));
      Decision decision = model.check(now + 1_000, check, match);
      recorder.record(check, decision);
      if (settling == null && decision instanceof Decision.Allowed) {
        settling = check;
      }
    }
    return recorder;
  }

  private static void settle(
      ModelLimiter model,
      Recorder recorder,
      long now,
      Check check,
      long cost,
      @Nullable Match again) {
    String id = check.options().decisionId();
    SettleRequest request = new SettleRequest(check.tenant(), check.clientId(), id, cost);
    recorder.record(id, model.settle(now, request).orElseThrow());
    if (again != null && cost < check.cost()) {
      Check rest =
          new Check(check.tenant(), check.clientId(), check.limitKey(), check.cost() - cost);
      model.refund(now + 1, rest, again, null);
    }
  }

  /** The whole limit is charged in two windows; the first charge is settled by 0 in the second. */
  static Recorder settledInALaterWindow(Algorithm algorithm) {
    Match match = Rules.match(minute(1, algorithm).limit());
    Recorder recorder = new Recorder();
    ModelLimiter model = new ModelLimiter();
    Check first = settleable("first", LIMIT);
    recorder.record(first, model.check(START, first, match));
    long later = START + 180 * SECOND;
    Check second = settleable("second", LIMIT);
    recorder.record(second, model.check(later, second, match));
    // The fault: the units of the second charge are given back.
    Adjustment refund = model.refund(later + 1, first, match, null);
    recorder.record("first", new Settlement(first, 0, refund));
    Check over = settleable("over", LIMIT);
    recorder.record(over, model.check(later + 2, over, match));
    return recorder;
  }

  /**
   * Two halves of the limit are charged together. The first is settled by 0 at once, the second
   * when a bucket has drained the rest and was filled again.
   */
  static Recorder settledOneAfterTheOther(Algorithm algorithm) {
    Match match = Rules.match(minute(1, algorithm).limit());
    Recorder recorder = new Recorder();
    ModelLimiter model = new ModelLimiter();
    Check first = settleable("first", LIMIT / 2);
    Check second = settleable("second", LIMIT / 2);
    recorder.record(first, model.check(START, first, match));
    recorder.record(second, model.check(START + 1, second, match));
    settle(model, recorder, START + 2, first, 0, null);
    long later = START + 30 * SECOND + 2;
    // One unit less, as a bucket gives back whole units only.
    Check third = settleable("third", LIMIT - 1);
    recorder.record(third, model.check(later, third, match));
    settle(model, recorder, later + 1, second, 0, null);
    Check fourth = settleable("fourth", LIMIT / 2 - 1);
    recorder.record(fourth, model.check(later + 2, fourth, match));
    return recorder;
  }

  private static Check settleable(String id, long cost) {
    return new Check("default", "client", "key", cost)
        .with(new CheckOptions(Priority.NORMAL, 0, 3_600_000, id));
  }

  /** Every allowed check is settled by at most its estimate, within a minute and a half. */
  static Recorder settledLate(Algorithm algorithm) {
    Match match = Rules.match(minute(1, algorithm).limit());
    Random random = new Random(SEED);
    Recorder recorder = new Recorder();
    ModelLimiter model = new ModelLimiter();
    NavigableMap<Long, Check> settling = new TreeMap<>();
    for (int i = 0; i < CHECKS; i++) {
      long now = START + i * SECOND;
      while (!settling.isEmpty() && settling.firstKey() < now) {
        Map.Entry<Long, Check> due = settling.pollFirstEntry();
        long cost = random.nextLong(due.getValue().cost() + 1);
        settle(model, recorder, due.getKey(), due.getValue(), cost, null);
      }
      Check check = settleable("s" + i, 1 + random.nextInt(8));
      Decision decision = model.check(now, check, match);
      recorder.record(check, decision);
      if (decision instanceof Decision.Allowed) {
        settling.put(now + 1 + random.nextLong(90 * SECOND), check);
      }
    }
    return recorder;
  }
}
