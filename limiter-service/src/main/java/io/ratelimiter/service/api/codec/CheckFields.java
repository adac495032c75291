package io.ratelimiter.service.api.codec;

import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.rules.Attributes;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The fields of one check. */
public final class CheckFields {

  private final boolean refund;
  private @Nullable String clientId;
  private @Nullable String limitKey;
  private @Nullable String tenant;
  private @Nullable Attributes attributes;
  private long cost = FieldValues.NO_NUMBER;
  private @Nullable String id;

  /** Null if none of them is given, so that a check without them allocates nothing. */
  private @Nullable SpendingFields spending;

  private CheckFields(boolean refund) {
    this.refund = refund;
  }

  /**
   * Reads a check from its opening brace to its closing one.
   *
   * @throws ProblemException 400, with a detail that begins with the field's name
   */
  static CheckFields read(JsonParser parser) {
    CheckFields fields = new CheckFields(false);
    fields.takeAll(parser);
    return fields;
  }

  /** Reads a refund: a check with a cost of at least 1 and an optional id. */
  static Refund readRefund(JsonParser parser) {
    CheckFields fields = new CheckFields(true);
    fields.takeAll(parser);
    if (fields.cost == 0) {
      throw ProblemException.invalid("cost must be at least 1 to be given back");
    }
    return new Refund(fields.check(), fields.id);
  }

  private void takeAll(JsonParser parser) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      take(name, parser);
    }
  }

  private void take(String name, JsonParser parser) {
    switch (name) {
      case "client_id" -> clientId = FieldValues.identifier(name, clientId != null, parser);
      case "limit_key" -> limitKey = FieldValues.identifier(name, limitKey != null, parser);
      case "tenant" ->
          tenant = FieldGrammar.tenant(name, FieldValues.text(name, tenant != null, parser));
      case "cost" -> cost = FieldValues.cost(name, cost, parser);
      case "attributes" -> takeAttributes(name, parser);
      default -> takeOther(name, parser);
    }
  }

  private void takeAttributes(String name, JsonParser parser) {
    FieldValues.refuseSecond(name, attributes != null);
    attributes = AttributeFields.read(name, parser);
  }

  private void takeOther(String name, JsonParser parser) {
    if (refund && name.equals("id")) {
      id = FieldValues.identifier(name, id != null, parser);
    } else if (!refund && SpendingFields.has(name)) {
      takeSpending(name, parser);
    } else {
      parser.skipChildren();
    }
  }

  private void takeSpending(String name, JsonParser parser) {
    if (spending == null) {
      spending = new SpendingFields();
    }
    spending.take(name, parser);
  }

  /** Whether the answer is to be held until the caller may start. */
  public boolean hold() {
    return spending != null && spending.hold();
  }

  /**
   * The check.
   *
   * @throws ProblemException 400, when a required field is missing or two fields exclude each other
   */
  public Check check() {
    if (clientId == null) {
      throw ProblemException.invalid("client_id is required");
    }
    long units = cost < 0 ? 1 : cost;
    return new Check(
        tenant == null ? FieldGrammar.DEFAULT_TENANT : tenant,
        clientId,
        limitKey == null ? FieldGrammar.DEFAULT_LIMIT_KEY : limitKey,
        attributes == null ? Attributes.NONE : attributes,
        units,
        spending == null ? CheckOptions.DEFAULT : spending.options(units));
  }
}
