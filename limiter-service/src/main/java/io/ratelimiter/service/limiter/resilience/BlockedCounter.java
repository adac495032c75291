package io.ratelimiter.service.limiter.resilience;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.rules.AttributeName;
import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.List;

/**
 * A counter, and a cost and priority that it blocked. Equal for all checks with the same store key,
 * cost and priority, as long as the rules are the same; unlike the store key it is made without
 * building a text.
 *
 * @param clientId empty if the counter counts several clients
 * @param values of the attributes that the rule counts by, without the client id
 */
record BlockedCounter(
    String tenant, long ruleId, String clientId, Object values, long cost, Priority priority) {

  static BlockedCounter of(Rule rule, Check check) {
    return new BlockedCounter(
        check.tenant(),
        rule.id(),
        rule.terms().acrossClients() ? "" : check.clientId(),
        values(rule, check),
        check.cost(),
        check.priority());
  }

  private static Object values(Rule rule, Check check) {
    List<String> by = rule.terms().by();
    if (by == null) {
      return rule.shared() ? "" : check.limitKey();
    }
    List<String> values = new ArrayList<>(by.size());
    for (String name : by) {
      if (!name.equals(AttributeName.CLIENT_ID)) {
        values.add(String.valueOf(check.attribute(name)));
      }
    }
    return values;
  }

  /** Number of characters. */
  int length() {
    int length = tenant.length() + clientId.length();
    if (values instanceof List<?> all) {
      for (Object value : all) {
        length += value.toString().length();
      }
      return length;
    }
    return length + values.toString().length();
  }
}
