package io.ratelimiter.service.rules.json;

import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Spending;
import io.ratelimiter.service.rules.WholeNumber;
import io.ratelimiter.service.rules.definition.InvalidRuleException;
import java.math.BigDecimal;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** The fields {@code reserve}, {@code max_wait_ms} and {@code overdraft} of a rule. */
final class SpendingJson {

  private static final String RESERVE = "reserve";
  private static final String MAX_WAIT = "max_wait_ms";
  private static final String OVERDRAFT = "overdraft";
  private static final String NORMAL = Priority.NORMAL.wireName();
  private static final String LOW = Priority.LOW.wireName();

  private static final BigDecimal MAX_SHARE = Spending.share(Spending.MAX_RESERVE);

  private SpendingJson() {}

  /**
   * Absent fields are those of {@link Spending#PLAIN}; an absent {@code low} is {@code normal}.
   *
   * @throws InvalidRuleException naming the field and the fault; bounds that depend on other fields
   *     are not checked
   */
  static Spending read(RuleFields fields) {
    int normal = 0;
    int low = 0;
    JsonNode reserve = fields.field(RESERVE);
    if (reserve != null) {
      checkMembers(reserve);
      normal = share(NORMAL, reserve.get(NORMAL), 0);
      low = share(LOW, reserve.get(LOW), normal);
    }
    return new Spending(normal, low, fields.number(MAX_WAIT, 0), fields.number(OVERDRAFT, 0));
  }

  private static void checkMembers(JsonNode reserve) {
    if (!reserve.isObject()) {
      throw new InvalidRuleException(
          "reserve must be an object with normal and low, not " + RuleFields.shown(reserve));
    }
    for (String name : reserve.propertyNames()) {
      if (!name.equals(NORMAL) && !name.equals(LOW)) {
        throw new InvalidRuleException(
            "reserve must have the members normal and low only, not "
                + RuleFields.shown(StringNode.valueOf(name)));
      }
    }
  }

  /** Ten thousandths. */
  private static int share(String name, @Nullable JsonNode node, int otherwise) {
    if (node == null || node.isNull()) {
      return otherwise;
    }
    return (int)
        tenThousandths(node)
            .orElseThrow(() ->
                new InvalidRuleException(
                    "reserve.%s must be a number from 0 to %s with at most %d decimals, not %s"
                        .formatted(name, MAX_SHARE, Spending.DECIMALS, RuleFields.shown(node))));
  }

  private static OptionalLong tenThousandths(JsonNode node) {
    if (!node.isNumber()) {
      return OptionalLong.empty();
    }
    BigDecimal value = node.decimalValue();
    // The bounds come first: the exponent of a number within them can be raised without overflow.
    return value.signum() < 0 || value.compareTo(MAX_SHARE) > 0
        ? OptionalLong.empty()
        : WholeNumber.of(value.movePointRight(Spending.DECIMALS));
  }

  static void put(ObjectNode json, Spending spending) {
    if (spending.reserves()) {
      json.putObject(RESERVE)
          .put(NORMAL, Spending.share(spending.reserveNormal()))
          .put(LOW, Spending.share(spending.reserveLow()));
    } else {
      json.putNull(RESERVE);
    }
    json.put(MAX_WAIT, spending.maxWaitMillis());
    json.put(OVERDRAFT, spending.overdraft());
  }

  /** Replaces the columns of a row of the history; it may be older than they are. */
  static void putPast(ObjectNode row) {
    JsonNode normal = row.remove("reserve_normal");
    JsonNode low = row.remove("reserve_low");
    if (normal == null || low == null || !low.isNumber() || low.decimalValue().signum() == 0) {
      row.putNull(RESERVE);
    } else {
      row.putObject(RESERVE).set(NORMAL, normal).set(LOW, low);
    }
    row.putIfAbsent(MAX_WAIT, row.numberNode(0));
    row.putIfAbsent(OVERDRAFT, row.numberNode(0));
  }
}
