package io.ratelimiter.service.limiter.redis.reply;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the replies of refund.lua and reset.lua. A reply that neither script can return is refused,
 * since it would belong to another command.
 */
public final class AdjustmentReply {

  private static final int HEAD = 2;
  private static final int FIELDS = 5;

  /** Max length, integers. A repeated refund may return other rules than those in force now. */
  public static final int MAX_LENGTH = HEAD + 64 * FIELDS;

  private AdjustmentReply() {}

  /**
   * The adjustment that was applied. For a repeated refund it is the first answer without rules
   * that were deleted since.
   *
   * @throws MalformedReplyException when this is not a reply to an adjustment of these rules
   */
  public static Adjustment read(long[] reply, List<Rule> rules) {
    ReplyNumbers numbers = new ReplyNumbers(reply);
    int count = (reply.length - HEAD) / FIELDS;
    ReplyNumbers.require(reply.length == HEAD + count * FIELDS, "length", reply.length);
    boolean applied = numbers.next("applied", 0, 1) == 1;
    ReplyNumbers.require(!applied || count == rules.size(), "length", reply.length);
    long decidedAtMicros = numbers.next("now", 0, ReplyNumbers.MAX);
    Map<Long, Rule> byId = new HashMap<>();
    rules.forEach(rule -> byId.put(rule.id(), rule));
    List<Adjustment.Limit> limits = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long id = numbers.next("rule id", 0, Long.MAX_VALUE);
      ReplyNumbers.require(!applied || id == rules.get(i).id(), "rule id", id);
      Adjustment.Limit limit = limit(numbers, byId.get(id), decidedAtMicros);
      if (limit != null) {
        limits.add(limit);
      }
    }
    return new Adjustment(applied, decidedAtMicros, limits);
  }

  private static Adjustment.@Nullable Limit limit(
      ReplyNumbers numbers, @Nullable Rule rule, long nowMicros) {
    long atMicros = numbers.next("time", nowMicros, ReplyNumbers.MAX);
    boolean rebased = numbers.next("rebased", 0, 1) == 1;
    long givenBack = numbers.next("given back", 0, ReplyNumbers.MAX);
    long remaining = numbers.next("remaining", 0, Policy.MAX_UNITS);
    return rule == null
        ? null
        : new Adjustment.Limit(rule, atMicros, rebased, givenBack, remaining);
  }
}
