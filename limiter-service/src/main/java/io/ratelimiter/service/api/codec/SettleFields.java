package io.ratelimiter.service.api.codec;

import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.limiter.SettleRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads the fields of a settlement. */
final class SettleFields {

  private @Nullable String tenant;
  private @Nullable String clientId;
  private @Nullable String decisionId;
  private long cost = FieldValues.NO_NUMBER;

  private SettleFields() {}

  /**
   * Reads a settlement from its opening brace to its closing one.
   *
   * @throws ProblemException 400, with a detail that begins with the field's name
   */
  static SettleRequest read(JsonParser parser) {
    SettleFields fields = new SettleFields();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      fields.take(name, parser);
    }
    return fields.request();
  }

  private void take(String name, JsonParser parser) {
    switch (name) {
      case "tenant" ->
          tenant = FieldGrammar.tenant(name, FieldValues.text(name, tenant != null, parser));
      case "client_id" -> clientId = FieldValues.identifier(name, clientId != null, parser);
      case "decision_id" ->
          decisionId =
              FieldGrammar.decisionId(name, FieldValues.text(name, decisionId != null, parser));
      case "cost" -> cost = FieldValues.cost(name, cost, parser);
      default -> parser.skipChildren();
    }
  }

  private SettleRequest request() {
    return new SettleRequest(
        tenant == null ? FieldGrammar.DEFAULT_TENANT : tenant,
        required("client_id", clientId),
        required("decision_id", decisionId),
        requiredCost());
  }

  private static String required(String name, @Nullable String value) {
    if (value == null) {
      throw missing(name);
    }
    return value;
  }

  private long requiredCost() {
    if (cost == FieldValues.NO_NUMBER) {
      throw missing("cost");
    }
    return cost;
  }

  private static ProblemException missing(String name) {
    return ProblemException.invalid(name + " is required");
  }
}
