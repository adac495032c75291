package io.ratelimiter.service.rules.json;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.FailMode;
import io.ratelimiter.service.rules.Mode;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.definition.InvalidRuleException;
import io.ratelimiter.service.rules.definition.RuleDefinition;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads rules as the admin API and the rules file have them: {@code client_id} and, unless the mode
 * is exempt, {@code rate, window}; optionally {@code endpoint} (or {@code limit_key}), {@code
 * tenant, name, algorithm, burst, mode, enabled, shared, always, fail_mode, valid_from,
 * valid_until, metadata}. Other fields are ignored.
 */
public final class RuleJsonReader {

  /** Every client, in the original format, which has no {@code *}. */
  private static final String EVERY_CLIENT = "default";

  private RuleJsonReader() {}

  /**
   * Parses the JSON of a request's body.
   *
   * @throws InvalidRuleException when it is not JSON in UTF-8 or has a member twice
   */
  public static JsonNode parse(byte[] body) {
    try {
      return StrictJson.parse(StrictJson.utf8(body));
    } catch (InvalidRuleException e) {
      throw new InvalidRuleException("the body cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * The rule of this JSON object. The client {@code default} is every client, as in the original
   * format, unless the object has both {@code name} and {@code limit_key}: the original format has
   * neither, and every answer has both, so an answer that is sent back remains the same rule.
   *
   * @throws InvalidRuleException naming the field and the fault; bounds are not looked at
   */
  public static RuleDefinition read(JsonNode object) {
    RuleFields fields = new RuleFields(object);
    String client = fields.text("client_id");
    boolean complete = fields.has("name") && fields.has("limit_key");
    boolean every = client.equals(EVERY_CLIENT) && !complete;
    return read(fields, client, every ? Rule.WILDCARD : client, fields.metadata());
  }

  /** The same of an object that {@link RuleJsonWriter} wrote; its metadata is left out. */
  static RuleDefinition readWritten(JsonNode object) {
    RuleFields fields = new RuleFields(object);
    String client = fields.text("client_id");
    return read(fields, client, client, null);
  }

  private static RuleDefinition read(
      RuleFields fields, String called, String clientId, @Nullable String metadata) {
    String limitKey = limitKey(fields);
    return new RuleDefinition(
        fields.text("tenant", "default"),
        name(fields, called, limitKey),
        clientId,
        limitKey,
        fields.wordOrNull("algorithm", Algorithm::named, Algorithm.wireNames()),
        fields.numberOrNull("rate"),
        fields.numberOrNull("window"),
        fields.numberOrNull("burst"),
        mode(fields),
        fields.flag("enabled", true),
        fields.flag("shared", false),
        fields.flag("always", false),
        fields.wordOrNull("fail_mode", FailMode::named, "open, closed or local"),
        fields.timeOrNull("valid_from"),
        fields.timeOrNull("valid_until"),
        metadata);
  }

  private static String limitKey(RuleFields fields) {
    String endpoint = fields.textOrNull("endpoint");
    String limitKey = fields.textOrNull("limit_key");
    if (endpoint != null && limitKey != null && !endpoint.equals(limitKey)) {
      throw new InvalidRuleException("endpoint and limit_key are the same thing, but differ");
    }
    String given = endpoint == null ? limitKey : endpoint;
    return given == null ? Rule.WILDCARD : given;
  }

  private static Mode mode(RuleFields fields) {
    Mode mode = fields.<Mode>wordOrNull("mode", Mode::named, Mode.WIRE_NAMES);
    return mode == null ? Mode.ENFORCE : mode;
  }

  private static String name(RuleFields fields, String client, String limitKey) {
    @Nullable String given = fields.textOrNull("name");
    return given == null ? RuleName.of(client, limitKey) : given;
  }
}
