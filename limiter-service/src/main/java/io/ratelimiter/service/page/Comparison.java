package io.ratelimiter.service.page;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.local.ReferenceLimiter;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleTerms;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;

/**
 * The same checks under each algorithm, decided by the reference model.
 *
 * @param atMillis time of each check, from the start of a window
 */
record Comparison(long limit, long windowSeconds, List<Long> atMillis, List<Run> runs) {

  private static final Check CHECK = new Check("default", "comparison", "comparison", 1);
  private static final long MICROS = 1_000;

  /**
   * The checks start in this window: sliding windows need earlier ones, and there are none before
   * 1970.
   */
  private static final long WINDOWS_BEFORE = 10;

  /**
   * The decisions of one algorithm.
   *
   * @param allowed of each check
   * @param inWindow number of allowed checks in the window that ends with each check
   * @param maxInWindow max number of allowed checks in any period as long as a window
   */
  record Run(
      String algorithm,
      List<Boolean> allowed,
      List<Integer> inWindow,
      long allowedCount,
      int maxInWindow) {}

  /** Runs the checks of the bursts in the order of their times. */
  static Comparison of(long limit, long windowSeconds, List<Burst> bursts) {
    long[] times = bursts.stream().flatMapToLong(Burst::times).sorted().toArray();
    return new Comparison(
        limit,
        windowSeconds,
        Arrays.stream(times).boxed().toList(),
        Arrays.stream(Algorithm.values())
            .map(algorithm ->
                run(Policy.of(algorithm, limit, windowSeconds, OptionalLong.empty()), times))
            .toList());
  }

  private static Run run(Policy policy, long[] times) {
    ReferenceLimiter limiter = new ReferenceLimiter();
    Match match = new Match(List.of(rule(policy)), 0);
    long beginMicros = WINDOWS_BEFORE * policy.windowMicros();
    Boolean[] allowed = new Boolean[times.length];
    Integer[] inWindow = new Integer[times.length];
    Deque<Long> passed = new ArrayDeque<>();
    for (int i = 0; i < times.length; i++) {
      Decision decision = limiter.check(beginMicros + times[i] * MICROS, CHECK, match);
      allowed[i] = decision instanceof Decision.Allowed;
      if (allowed[i]) {
        passed.add(times[i]);
      }
      while (!passed.isEmpty() && times[i] - passed.peek() >= policy.windowMicros() / MICROS) {
        passed.remove();
      }
      inWindow[i] = passed.size();
    }
    return new Run(
        policy.algorithm().wireName(),
        List.of(allowed),
        List.of(inWindow),
        Arrays.stream(allowed).filter(Boolean::booleanValue).count(),
        Arrays.stream(inWindow).mapToInt(Integer::intValue).max().orElse(0));
  }

  private static Rule rule(Policy policy) {
    RuleTerms terms = RuleTerms.enforcing("default", "comparison", Rule.WILDCARD, Rule.WILDCARD);
    return new Rule(1, 1, terms, policy);
  }
}
