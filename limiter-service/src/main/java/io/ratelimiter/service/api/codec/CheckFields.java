package io.ratelimiter.service.api.codec;

import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.rules.Attributes;
import io.ratelimiter.service.rules.WholeNumber;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads the fields of one check. */
final class CheckFields {

  private static final long NO_NUMBER = -1;

  private final boolean refund;
  private @Nullable String clientId;
  private @Nullable String limitKey;
  private @Nullable String tenant;
  private @Nullable Attributes attributes;
  private long cost = -1;

  private @Nullable String id;

  private CheckFields(boolean refund) {
    this.refund = refund;
  }

  /**
   * Reads a check from its opening brace to its closing one.
   *
   * @throws ProblemException 400, with a detail that begins with the field's name
   */
  static Check read(JsonParser parser) {
    CheckFields fields = new CheckFields(false);
    fields.takeAll(parser);
    return fields.check();
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
      case "client_id" -> clientId = FieldGrammar.identifier(name, once(name, clientId, parser));
      case "limit_key" -> limitKey = FieldGrammar.identifier(name, once(name, limitKey, parser));
      case "tenant" -> tenant = FieldGrammar.tenant(name, once(name, tenant, parser));
      case "cost" -> takeCost(name, parser);
      case "attributes" -> takeAttributes(name, parser);
      case "id" -> takeId(name, parser);
      default -> parser.skipChildren();
    }
  }

  private void takeAttributes(String name, JsonParser parser) {
    refuseSecond(name, attributes != null);
    attributes = AttributeFields.read(name, parser);
  }

  private void takeId(String name, JsonParser parser) {
    if (refund) {
      id = FieldGrammar.identifier(name, once(name, id, parser));
    } else {
      parser.skipChildren();
    }
  }

  private String once(String name, @Nullable String before, JsonParser parser) {
    refuseSecond(name, before != null);
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw ProblemException.invalid(name + " must be a string");
    }
    return parser.getString();
  }

  private void takeCost(String name, JsonParser parser) {
    refuseSecond(name, cost >= 0);
    cost = FieldGrammar.cost(name, wholeNumber(parser));
  }

  /** The whole number at the current token; -1, which is no valid cost, for anything else. */
  private static long wholeNumber(JsonParser parser) {
    if (!parser.currentToken().isNumeric()) {
      return NO_NUMBER;
    }
    if (parser.getNumberType() == JsonParser.NumberType.INT) {
      return parser.getIntValue();
    }
    try {
      return WholeNumber.of(parser.getDecimalValue()).orElse(NO_NUMBER);
    } catch (NumberFormatException _) {
      // Its exponent exceeds an int.
      return NO_NUMBER;
    }
  }

  private void refuseSecond(String name, boolean given) {
    if (given) {
      throw ProblemException.invalid(name + " must be given once");
    }
  }

  private Check check() {
    if (clientId == null) {
      throw ProblemException.invalid("client_id is required");
    }
    return new Check(
        tenant == null ? FieldGrammar.DEFAULT_TENANT : tenant,
        clientId,
        limitKey == null ? FieldGrammar.DEFAULT_LIMIT_KEY : limitKey,
        attributes == null ? Attributes.NONE : attributes,
        cost < 0 ? 1 : cost);
  }
}
