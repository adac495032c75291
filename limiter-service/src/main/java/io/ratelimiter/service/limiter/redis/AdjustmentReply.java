package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the reply of refund.lua and reset.lua. A reply that neither can return is refused, since it
 * would be the answer to another command.
 */
final class AdjustmentReply {

  private static final int HEAD = 2;
  private static final int FIELDS = 5;

  /** The first answer to a refund may name other rules than those in force now. */
  static final int MAX_LENGTH = HEAD + 64 * FIELDS;

  private AdjustmentReply() {}

  /**
   * The adjustment that was made. A repeated refund returns the first answer, without rules that
   * were removed since.
   *
   * @throws MalformedReplyException when this is not a reply to an adjustment of these rules
   */
  static Adjustment read(long[] reply, List<Rule> rules) {
    Numbers numbers = new Numbers(reply);
    int count = (reply.length - HEAD) / FIELDS;
    Numbers.require(reply.length == HEAD + count * FIELDS, "length", reply.length);
    boolean applied = numbers.next("applied", 0, 1) == 1;
    Numbers.require(!applied || count == rules.size(), "length", reply.length);
    long decidedAtMicros = numbers.next("now", 0, Numbers.MAX);
    Map<Long, Rule> byId = new HashMap<>();
    rules.forEach(rule -> byId.put(rule.id(), rule));
    List<Adjustment.Limit> limits = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long id = numbers.next("rule id", 0, Long.MAX_VALUE);
      Numbers.require(!applied || id == rules.get(i).id(), "rule id", id);
      Adjustment.Limit limit = limit(numbers, byId.get(id), decidedAtMicros);
      if (limit != null) {
        limits.add(limit);
      }
    }
    return new Adjustment(applied, decidedAtMicros, limits);
  }

  private static Adjustment.@Nullable Limit limit(
      Numbers numbers, @Nullable Rule rule, long nowMicros) {
    long atMicros = numbers.next("time", nowMicros, Numbers.MAX);
    boolean rebased = numbers.next("rebased", 0, 1) == 1;
    long givenBack = numbers.next("given back", 0, Numbers.MAX);
    long remaining = numbers.next("remaining", 0, Policy.MAX_UNITS);
    return rule == null
        ? null
        : new Adjustment.Limit(rule, atMicros, rebased, givenBack, remaining);
  }
}
