package io.ratelimiter.service.limiter.redis.reply;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Settlement;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the reply of settle.lua. A reply that the script cannot return is refused, since it would
 * belong to another command.
 */
public final class SettleReply {

  private static final int HEAD = 3;
  private static final int FIELDS = 6;

  private SettleReply() {}

  /** Max length of the reply for these rules, integers. */
  public static int length(List<Rule> rules) {
    return HEAD + FIELDS * rules.size();
  }

  /**
   * The settlement.
   *
   * @param check that was charged, with its estimate
   * @param rules that it was charged on
   * @return empty when the store has no record of the decision
   * @throws MalformedReplyException when this is not a reply to this settlement
   */
  public static Optional<Settlement> read(long[] reply, Check check, List<Rule> rules) {
    if (reply.length == 0) {
      return Optional.empty();
    }
    ReplyNumbers.require(reply.length == length(rules), "length", reply.length);
    ReplyNumbers numbers = new ReplyNumbers(reply);
    boolean applied = numbers.next("applied", 0, 1) == 1;
    long cost = numbers.next("cost", 0, Check.MAX_COST);
    long nowMicros = numbers.next("now", 0, ReplyNumbers.MAX);
    List<Adjustment.Limit> limits = new ArrayList<>(rules.size());
    for (Rule rule : rules) {
      limits.add(limit(numbers, rule, nowMicros));
    }
    return Optional.of(new Settlement(check, cost, new Adjustment(applied, nowMicros, limits)));
  }

  private static Adjustment.Limit limit(ReplyNumbers numbers, Rule rule, long nowMicros) {
    return new Adjustment.Limit(
        rule,
        numbers.next("time", nowMicros, ReplyNumbers.MAX),
        numbers.next("rebased", 0, 1) == 1,
        numbers.next("given back", 0, Check.MAX_COST),
        numbers.next("taken", 0, Check.MAX_COST),
        numbers.next("uncharged", 0, Check.MAX_COST),
        numbers.next("remaining", 0, Policy.MAX_UNITS));
  }
}
