package io.ratelimiter.service.rules.json;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.FailMode;
import io.ratelimiter.service.rules.Mode;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleTerms;
import io.ratelimiter.service.rules.definition.InvalidRuleException;
import io.ratelimiter.service.rules.definition.PolicyDefinition;
import io.ratelimiter.service.rules.definition.RuleDefinition;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads rules in the format of the admin API and the rules file. Required are {@code client_id},
 * unless {@code match} or {@code by} is given, and {@code rate, window}, unless the mode is exempt.
 * Optional are {@code match, by, endpoint} (or {@code limit_key}), {@code tenant, name, algorithm,
 * burst, reserve, max_wait_ms, overdraft, mode, enabled, shared, always, fail_mode, valid_from,
 * valid_until, metadata}. Other fields are ignored.
 */
public final class RuleJsonReader {

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
   * The rule of this JSON object. The client {@code default} means every client, as in the original
   * format, unless the object has both {@code name} and {@code limit_key}: the original format has
   * neither, and the API's answers have both, so an answer that is sent back is the same rule.
   *
   * @throws InvalidRuleException naming the field and the fault; bounds are not checked
   */
  public static RuleDefinition read(JsonNode object) {
    RuleFields fields = new RuleFields(object);
    String client = client(fields);
    boolean complete = fields.has("name") && fields.has("limit_key");
    boolean every = client.equals(RuleName.EVERY_CLIENT) && !complete;
    return read(fields, client, every ? Rule.WILDCARD : client, fields.metadata());
  }

  /** The rule of an object that {@link RuleJsonWriter} wrote, without its metadata. */
  public static RuleDefinition readWritten(JsonNode object) {
    RuleFields fields = new RuleFields(object);
    String client = client(fields);
    return read(fields, client, client, null);
  }

  /** Required, unless {@code match} or {@code by} is given. */
  private static String client(RuleFields fields) {
    boolean optional = !fields.match().isEmpty() || fields.by() != null;
    return optional ? fields.text("client_id", Rule.WILDCARD) : fields.text("client_id");
  }

  private static RuleDefinition read(
      RuleFields fields, String writtenClient, String clientId, @Nullable String metadata) {
    String limitKey = limitKey(fields);
    String tenant = fields.text("tenant", "default");
    String name = name(fields, writtenClient, limitKey);
    PolicyDefinition policy = policy(fields);
    RuleTerms terms =
        new RuleTerms(
            tenant,
            name,
            clientId,
            limitKey,
            fields.match(),
            fields.by(),
            mode(fields),
            fields.flag("enabled", true),
            fields.flag("shared", false),
            fields.flag("always", false),
            fields.wordOrNull("fail_mode", FailMode::named, FailMode.WIRE_NAMES),
            fields.timeOrNull("valid_from"),
            fields.timeOrNull("valid_until"));
    return new RuleDefinition(terms, policy, SpendingJson.read(fields), metadata);
  }

  private static PolicyDefinition policy(RuleFields fields) {
    return new PolicyDefinition(
        fields.wordOrNull("algorithm", Algorithm::named, Algorithm.wireNames()),
        fields.numberOrNull("rate"),
        fields.numberOrNull("window"),
        fields.numberOrNull("burst"));
  }

  private static String limitKey(RuleFields fields) {
    String endpoint = fields.textOrNull("endpoint");
    String limitKey = fields.textOrNull("limit_key");
    if (endpoint != null && limitKey != null && !endpoint.equals(limitKey)) {
      throw new InvalidRuleException("endpoint and limit_key are the same field, but differ");
    }
    String given = endpoint == null ? limitKey : endpoint;
    return given == null ? Rule.WILDCARD : given;
  }

  private static Mode mode(RuleFields fields) {
    Mode mode = fields.<Mode>wordOrNull("mode", Mode::named, Mode.WIRE_NAMES);
    return mode == null ? Mode.ENFORCE : mode;
  }

  private static String name(RuleFields fields, String client, String limitKey) {
    String given = fields.textOrNull("name");
    return given == null ? RuleName.of(client, limitKey) : given;
  }
}
