package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Mode;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleTerms;
import io.ratelimiter.service.rules.Spending;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A rule in a {@link SettlementRecord}: only what its counter and its events need. */
final class RecordedRule {

  private RecordedRule() {}

  static ObjectNode write(ObjectNode json, Rule rule) {
    RuleTerms terms = rule.terms();
    json.put("id", rule.id());
    json.put("revision", rule.revision());
    json.put("counter_epoch", rule.counterEpoch());
    json.put("tenant", terms.tenant());
    json.put("name", terms.name());
    json.put("client_id", terms.clientId());
    json.put("limit_key", terms.limitKey());
    if (terms.by() != null) {
      ArrayNode by = json.putArray("by");
      terms.by().forEach(by::add);
    }
    json.put("mode", terms.mode().wireName());
    json.put("shared", terms.shared());
    Policy policy = rule.policy();
    json.put("algorithm", policy.algorithm().wireName());
    json.put("limit", policy.limit());
    json.put("window", policy.windowSeconds());
    if (policy instanceof Policy.TokenBucket bucket) {
      json.put("burst", bucket.burst());
    }
    json.put("reserve_normal", rule.spending().reserveNormal());
    json.put("reserve_low", rule.spending().reserveLow());
    json.put("max_wait_ms", rule.spending().maxWaitMillis());
    json.put("overdraft", rule.spending().overdraft());
    return json;
  }

  /**
   * Reads the rule as it was when the check was charged.
   *
   * @throws IllegalArgumentException if {@link #write} cannot have written it
   */
  static Rule read(JsonNode json) {
    return new Rule(
        number(json, "id"),
        number(json, "revision"),
        number(json, "counter_epoch"),
        terms(json),
        policy(json),
        new Spending(
            (int) number(json, "reserve_normal"),
            (int) number(json, "reserve_low"),
            number(json, "max_wait_ms"),
            number(json, "overdraft")));
  }

  private static RuleTerms terms(JsonNode json) {
    return new RuleTerms(
        text(json, "tenant"),
        text(json, "name"),
        text(json, "client_id"),
        text(json, "limit_key"),
        Collections.emptySortedMap(),
        by(json.path("by")),
        Mode.named(text(json, "mode")).orElseThrow(IllegalArgumentException::new),
        true,
        json.required("shared").booleanValue(),
        false,
        null,
        null,
        null);
  }

  private static @Nullable List<String> by(JsonNode json) {
    if (!json.isArray()) {
      return null;
    }
    List<String> names = new ArrayList<>();
    json.forEach(name -> names.add(name.stringValue()));
    return names;
  }

  private static Policy policy(JsonNode json) {
    JsonNode burst = json.path("burst");
    return Policy.of(
        Algorithm.named(text(json, "algorithm")).orElseThrow(IllegalArgumentException::new),
        number(json, "limit"),
        number(json, "window"),
        burst.isNumber() ? OptionalLong.of(burst.longValue()) : OptionalLong.empty());
  }

  private static long number(JsonNode json, String name) {
    return json.required(name).longValue();
  }

  private static String text(JsonNode json, String name) {
    return json.required(name).stringValue();
  }
}
