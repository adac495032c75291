package io.ratelimiter.service.rules;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads rules as the admin API and the rules file have them: {@code client_id} and, unless the mode
 * is exempt, {@code rate, window}; optionally {@code endpoint} (or {@code limit_key}), {@code
 * tenant, name, algorithm, burst, mode, enabled, shared, always, fail_mode, valid_from,
 * valid_until, metadata}. Other fields are ignored.
 */
public final class RuleJsonReader {

  /** What {@code *} is called by those who wrote rules before there was one. */
  private static final String EVERYBODY = "default";

  private RuleJsonReader() {}

  /**
   * The rule that somebody means by this JSON object.
   *
   * @throws InvalidRuleException naming the field and the fault; bounds are not looked at
   */
  public static RuleDefinition read(JsonNode object) {
    RuleFields fields = new RuleFields(object);
    String client = fields.text("client_id");
    return read(fields, client, client.equals(EVERYBODY) ? Rule.WILDCARD : client);
  }

  /** The same of an object that {@link RuleJsonWriter} wrote: it means what it says. */
  static RuleDefinition readWritten(JsonNode object) {
    RuleFields fields = new RuleFields(object);
    String client = fields.text("client_id");
    return read(fields, client, client);
  }

  private static RuleDefinition read(RuleFields fields, String called, String clientId) {
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
        fields.objectText("metadata"));
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
