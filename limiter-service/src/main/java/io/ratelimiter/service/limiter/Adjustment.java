package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Rule;
import java.util.List;

/**
 * The effect of a refund, a reset or a settlement.
 *
 * @param applied false when a refund or settlement with this id was applied before
 * @param decidedAtMicros the store's clock, microseconds since 1970
 * @param limits one entry for each limit of the match, in its order
 */
public record Adjustment(boolean applied, long decidedAtMicros, List<Limit> limits) {

  public Adjustment {
    limits = List.copyOf(limits);
  }

  /**
   * The effect on one limit.
   *
   * @param atMicros the key's own time of the change, microseconds since 1970
   * @param rebased whether the key's time was set back because the clock went back, or because a
   *     reset deleted the key while its time was ahead of the clock
   * @param givenBack whole units given back, rounded down
   * @param taken whole units that a settlement charged in addition to the estimate
   * @param uncharged units of a settlement that exceed the overdraft and were not charged
   * @param remaining whole units left after the change
   */
  public record Limit(
      Rule rule,
      long atMicros,
      boolean rebased,
      long givenBack,
      long taken,
      long uncharged,
      long remaining) {

    /** The effect of a refund or a reset. */
    public Limit(Rule rule, long atMicros, boolean rebased, long givenBack, long remaining) {
      this(rule, atMicros, rebased, givenBack, 0, 0, remaining);
    }
  }
}
