package io.ratelimiter.service.rules.json;

import io.ratelimiter.service.rules.AnyRule;
import io.ratelimiter.service.rules.ExemptRule;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.definition.RuleDefinition;
import io.ratelimiter.service.rules.definition.RuleHistoryEntry;
import io.ratelimiter.service.rules.definition.StoredRule;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * Writes rules so that {@link RuleJsonReader} reads the same again. Metadata that cannot be shown
 * is null, and {@code metadata_fault} gives the reason.
 */
public final class RuleJsonWriter {

  /** The fields that {@link #putLimit} writes for a rule that limits. */
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
    putMetadata(json, rule.metadata());
    return json;
  }

  /**
   * Metadata as stored, not parsed: a page of a thousand rules is 16 MB of text, and far more as a
   * tree.
   */
  private static void putMetadata(ObjectNode json, @Nullable String metadata) {
    json.putRawValue("metadata", metadata == null ? null : new RawValue(metadata));
    if (metadata == null) {
      json.put("metadata_fault", Metadata.UNREADABLE);
    }
  }

  /** A row of the history with the API's field names. */
  public ObjectNode past(RuleHistoryEntry.Image row) {
    if (row.columns() == null) {
      return mapper.createObjectNode().put("fault", "a column is too large to be shown");
    }
    ObjectNode json = (ObjectNode) mapper.readTree(row.columns());
    json.set("window", json.remove("window_seconds"));
    putMetadata(json, row.metadata());
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

  /** The same for the snapshot: without metadata, which no decision depends on. */
  ObjectNode kept(StoredRule rule) {
    ObjectNode json = stored(rule);
    json.remove("metadata");
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
