package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Rule;
import java.util.List;

/**
 * What a refund or a reset changed.
 *
 * @param applied false when the refund's id was known already
 * @param decidedAtMicros the store's clock, microseconds since 1970
 * @param limits one entry for each limit of the match, in its order
 */
public record Adjustment(boolean applied, long decidedAtMicros, List<Limit> limits) {

  public Adjustment {
    limits = List.copyOf(limits);
  }

  /**
   * One limit's part.
   *
   * @param atMicros the key's own time of the change, microseconds since 1970
   * @param rebased whether the key's time was set back because the clock went back; after a reset
   *     also when it was forgotten while ahead of the clock
   * @param givenBack whole units given back, rounded down
   * @param remaining whole units left after the change
   */
  public record Limit(Rule rule, long atMicros, boolean rebased, long givenBack, long remaining) {}
}
