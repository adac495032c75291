package io.ratelimiter.service.rules;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes rules so that {@link RuleJsonReader} reads the same again. */
public final class RuleJsonWriter {

  /** What {@link #putLimit} writes of a rule that limits. */
  private static final List<String> NOT_OF_EXEMPT =
      List.of("algorithm", "rate", "window", "burst", "shared", "always", "fail_mode");

  private final JsonMapper mapper = new JsonMapper();

  /** What somebody wrote, defaults filled in. */
  public ObjectNode definition(RuleDefinition rule) {
    ObjectNode json = mapper.createObjectNode();
    json.put("tenant", rule.tenant());
    json.put("name", rule.name());
    json.put("client_id", rule.clientId());
    json.put("limit_key", rule.limitKey());
    json.put("algorithm", rule.algorithm() == null ? null : rule.algorithm().wireName());
    json.put("rate", rule.rate());
    json.put("window", rule.windowSeconds());
    json.put("burst", rule.burst());
    json.put("mode", rule.mode().wireName());
    json.put("enabled", rule.enabled());
    json.put("shared", rule.shared());
    json.put("always", rule.always());
    json.put("fail_mode", rule.failMode() == null ? null : rule.failMode().wireName());
    json.put("valid_from", text(rule.validFrom()));
    json.put("valid_until", text(rule.validUntil()));
    json.set("metadata", mapper.readTree(rule.metadata()));
    return json;
  }

  /** The same with what the store added. */
  public ObjectNode stored(StoredRule rule) {
    ObjectNode json = mapper.createObjectNode();
    json.put("id", rule.id());
    json.setAll(definition(rule.definition()));
    json.put("revision", rule.revision());
    json.put("counter_epoch", rule.counterEpoch());
    json.put("created_at", text(rule.createdAt()));
    json.put("updated_at", text(rule.updatedAt()));
    return json;
  }

  /** A rule as it is in force: the algorithm is the one that it uses, wherever it comes from. */
  public ObjectNode active(AnyRule rule) {
    ObjectNode json = mapper.createObjectNode();
    json.put("id", rule.id());
    json.put("tenant", rule.tenant());
    json.put("name", rule.name());
    json.put("client_id", rule.clientId());
    json.put("limit_key", rule.limitKey());
    json.put("mode", rule.mode().wireName());
    json.put("enabled", rule.enabled());
    switch (rule) {
      case Rule limit -> putLimit(json, limit);
      case ExemptRule _ -> NOT_OF_EXEMPT.forEach(json::putNull);
    }
    json.put("valid_from", text(rule.validFrom()));
    json.put("valid_until", text(rule.validUntil()));
    json.put("revision", rule.revision());
    return json;
  }

  private static void putLimit(ObjectNode json, Rule rule) {
    json.put("algorithm", rule.policy().algorithm().wireName());
    json.put("rate", rule.policy().limit());
    json.put("window", rule.policy().windowSeconds());
    json.put("burst", burst(rule.policy()));
    json.put("shared", rule.shared());
    json.put("always", rule.always());
    json.put("fail_mode", rule.failMode() == null ? null : rule.failMode().wireName());
  }

  private static @Nullable Long burst(Policy policy) {
    return policy instanceof Policy.TokenBucket bucket ? bucket.burst() : null;
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
