package io.ratelimiter.service.limiter.resilience;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.LimitOutcome.NotEvaluated;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.limiter.evaluation.Evaluation;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers a check from the cached blocks of its counters. */
final class CachedAnswer {

  private CachedAnswer() {}

  /**
   * A blocked decision with the longest of the retry times.
   *
   * @param rules that apply to the check
   * @param blocks for each rule the block of its counter, if there is one; at least one
   * @param nowNanos as of {@link System#nanoTime()}
   */
  static Decision of(Check check, List<Rule> rules, @Nullable CachedBlock[] blocks, long nowNanos) {
    CachedBlock base = base(check, blocks);
    boolean same = base.check().equals(check);
    long age = base.ageMicros(nowNanos);
    List<LimitOutcome> limits = new ArrayList<>(rules.size());
    for (int i = 0; i < blocks.length; i++) {
      CachedBlock own = blocks[i];
      if (own != null) {
        limits.add(own.after(own.limit(), own.ageMicros(nowNanos)));
      } else if (same && !blocked(base.decision().limits().get(i))) {
        limits.add(base.after(base.decision().limits().get(i), age));
      } else {
        limits.add(new NotEvaluated(rules.get(i)));
      }
    }
    return new Evaluation(Source.CACHE, null, base.nowMicros(age), check).decide(limits);
  }

  /**
   * Whether an enforcing limit blocked. If its block is not reused, then its retry time has passed
   * or units were given back since.
   */
  private static boolean blocked(LimitOutcome outcome) {
    return outcome instanceof Evaluated limit && limit.rule().enforcing() && !limit.allowed();
  }

  /** The block of the same check, or else the first one. */
  private static CachedBlock base(Check check, @Nullable CachedBlock[] blocks) {
    CachedBlock first = null;
    for (CachedBlock block : blocks) {
      if (block != null && block.check().equals(check)) {
        return block;
      }
      first = first == null ? block : first;
    }
    if (first == null) {
      throw new IllegalArgumentException("there is no block");
    }
    return first;
  }
}
