package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the reply of refund.lua and reset.lua. */
final class AdjustmentReply {

  private static final int HEAD = 2;
  private static final int FIELDS = 5;

  private AdjustmentReply() {}

  /**
   * The adjustment that the reply tells. The answer to a refund's repeat is the first answer: a
   * rule that has gone since is left out.
   */
  static Adjustment read(long[] reply, List<Rule> rules) {
    Map<Long, Rule> byId = new HashMap<>();
    rules.forEach(rule -> byId.put(rule.id(), rule));
    List<Adjustment.Limit> limits = new ArrayList<>(rules.size());
    for (int i = HEAD; i + FIELDS <= reply.length; i += FIELDS) {
      Rule rule = byId.get(reply[i]);
      if (rule != null) {
        limits.add(
            new Adjustment.Limit(
                rule, reply[i + 1], reply[i + 2] == 1, reply[i + 3], reply[i + 4]));
      }
    }
    return new Adjustment(reply[0] == 1, reply[1], limits);
  }
}
