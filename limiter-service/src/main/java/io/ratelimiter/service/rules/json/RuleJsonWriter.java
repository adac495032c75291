package io.ratelimiter.service.rules.json;

import io.ratelimiter.service.rules.AnyRule;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleTerms;
import io.ratelimiter.service.rules.definition.PolicyDefinition;
import io.ratelimiter.service.rules.definition.RuleDefinition;
import io.ratelimiter.service.rules.definition.RuleHistoryEntry;
import io.ratelimiter.service.rules.definition.StoredRule;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * Writes rules in the format that {@link RuleJsonReader} reads. Metadata that cannot be shown is
 * null, and {@code metadata_fault} gives the reason.
 */
public final class RuleJsonWriter {

  /** The fields of {@link #putLimit}; null for an exempt rule. */
  private static final List<String> NOT_OF_EXEMPT =
      List.of(
          "algorithm",
          "rate",
          "window",
          "burst",
          "reserve",
          "max_wait_ms",
          "overdraft",
          "shared",
          "always",
          "fail_mode");

  private final JsonMapper mapper = new JsonMapper();

  /** The rule as it is written, with defaults filled in. */
  public ObjectNode definition(RuleDefinition rule) {
    ObjectNode json = mapper.createObjectNode();
    RuleTerms terms = rule.terms();
    PolicyDefinition policy = rule.policy();
    putMatch(json, terms);
    json.put("algorithm", policy.algorithm() == null ? null : policy.algorithm().wireName());
    json.put("rate", policy.rate());
    json.put("window", policy.windowSeconds());
    json.put("burst", policy.burst());
    SpendingJson.put(json, rule.spending());
    json.put("mode", terms.mode().wireName());
    json.put("enabled", terms.enabled());
    putFlags(json, terms);
    putValidity(json, terms);
    putMetadata(json, rule.metadata());
    return json;
  }

  private static void putMatch(ObjectNode json, RuleTerms terms) {
    json.put("tenant", terms.tenant());
    json.put("name", terms.name());
    json.put("client_id", terms.clientId());
    json.put("limit_key", terms.limitKey());
    json.set("match", MatchJson.of(terms.match()));
    putBy(json, terms.by());
  }

  private static void putBy(ObjectNode json, @Nullable List<String> by) {
    if (by == null) {
      json.putNull("by");
    } else {
      by.forEach(json.putArray("by")::add);
    }
  }

  private static void putFlags(ObjectNode json, RuleTerms terms) {
    json.put("shared", terms.shared());
    json.put("always", terms.always());
    json.put("fail_mode", terms.failMode() == null ? null : terms.failMode().wireName());
  }

  private static void putValidity(ObjectNode json, RuleTerms terms) {
    json.put("valid_from", text(terms.validFrom()));
    json.put("valid_until", text(terms.validUntil()));
  }

  /**
   * As stored, not parsed: the metadata of a thousand rules is 16 MB of text and far more as trees.
   */
  private static void putMetadata(ObjectNode json, @Nullable String metadata) {
    json.putRawValue("metadata", metadata == null ? null : new RawValue(metadata));
    if (metadata == null) {
      json.put("metadata_fault", Metadata.UNREADABLE);
    }
  }

  /** A row of the history, with the API's field names. */
  public ObjectNode past(RuleHistoryEntry.Image row) {
    if (row.columns() == null) {
      return mapper.createObjectNode().put("fault", "a column is too large to be shown");
    }
    ObjectNode json = (ObjectNode) mapper.readTree(row.columns());
    json.set("window", json.remove("window_seconds"));
    // Rows of the history may be older than these columns.
    json.putIfAbsent("match", MatchJson.of(Map.of()));
    json.putIfAbsent("by", json.nullNode());
    SpendingJson.putPast(json);
    putMetadata(json, row.metadata());
    return json;
  }

  /** The rule as it is stored: its definition, id, revision, counter epoch and times. */
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

  /** The stored rule without metadata, which no decision depends on. */
  public ObjectNode storedWithoutMetadata(StoredRule rule) {
    ObjectNode json = stored(rule);
    json.remove("metadata");
    return json;
  }

  /** A rule of the set in force, with the algorithm that it uses. */
  public ObjectNode active(AnyRule rule) {
    ObjectNode json = mapper.createObjectNode();
    json.put("id", rule.id());
    putMatch(json, rule.terms());
    json.put("mode", rule.mode().wireName());
    json.put("enabled", rule.enabled());
    switch (rule) {
      case Rule limit -> putLimit(json, limit);
      case AnyRule.Exempt _ -> NOT_OF_EXEMPT.forEach(json::putNull);
    }
    putValidity(json, rule.terms());
    json.put("revision", rule.revision());
    return json;
  }

  private static void putLimit(ObjectNode json, Rule rule) {
    json.put("algorithm", rule.policy().algorithm().wireName());
    json.put("rate", rule.policy().limit());
    json.put("window", rule.policy().windowSeconds());
    json.put("burst", burst(rule.policy()));
    SpendingJson.put(json, rule.spending());
    putFlags(json, rule.terms());
  }

  private static @Nullable Long burst(Policy policy) {
    return policy instanceof Policy.TokenBucket bucket ? bucket.burst() : null;
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
