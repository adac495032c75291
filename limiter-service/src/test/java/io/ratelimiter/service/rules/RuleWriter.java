package io.ratelimiter.service.rules;

import io.ratelimiter.service.rules.definition.RuleDefinition;
import io.ratelimiter.service.rules.json.RuleJsonReader;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.json.JsonMapper;

/** Writes rules for tests, from what matters to them. */
record RuleWriter(
    long id,
    String tenant,
    String clientId,
    String limitKey,
    Mode mode,
    boolean enabled,
    boolean always,
    Instant validFrom,
    Instant validUntil) {

  /** The rules of a set that limit. */
  static List<Rule> limiting(RuleSet set) {
    return set.rules().stream().filter(Rule.class::isInstance).map(Rule.class::cast).toList();
  }

  /** The rule in the form of the admin API, with the required fields only. */
  static RuleDefinition exemptDefinition() {
    return RuleJsonReader.read(
        new JsonMapper().readTree("{\"client_id\":\"free\",\"mode\":\"exempt\"}"));
  }

  static RuleWriter rule(long id, String clientId, String limitKey) {
    return new RuleWriter(id, "default", clientId, limitKey, Mode.ENFORCE, true, false, null, null);
  }

  RuleWriter of(String newTenant) {
    return new RuleWriter(
        id, newTenant, clientId, limitKey, mode, enabled, always, validFrom, validUntil);
  }

  RuleWriter shadow() {
    return new RuleWriter(
        id, tenant, clientId, limitKey, Mode.SHADOW, enabled, always, validFrom, validUntil);
  }

  RuleWriter exempt() {
    return new RuleWriter(
        id, tenant, clientId, limitKey, Mode.EXEMPT, enabled, always, validFrom, validUntil);
  }

  RuleWriter disabled() {
    return new RuleWriter(
        id, tenant, clientId, limitKey, mode, false, always, validFrom, validUntil);
  }

  RuleWriter forAlways() {
    return new RuleWriter(
        id, tenant, clientId, limitKey, mode, enabled, true, validFrom, validUntil);
  }

  RuleWriter from(long millis) {
    return new RuleWriter(
        id,
        tenant,
        clientId,
        limitKey,
        mode,
        enabled,
        always,
        Instant.ofEpochMilli(millis),
        validUntil);
  }

  RuleWriter until(long millis) {
    return new RuleWriter(
        id,
        tenant,
        clientId,
        limitKey,
        mode,
        enabled,
        always,
        validFrom,
        Instant.ofEpochMilli(millis));
  }

  AnyRule write() {
    return mode == Mode.EXEMPT
        ? new ExemptRule(
            id, tenant, "r" + id, clientId, limitKey, enabled, validFrom, validUntil, 1)
        : limit();
  }

  Rule limit() {
    return new Rule(
        id,
        tenant,
        "r" + id,
        clientId,
        limitKey,
        Policy.of(Algorithm.TOKEN_BUCKET, 10, 60, OptionalLong.empty()),
        mode,
        enabled,
        false,
        always,
        null,
        validFrom,
        validUntil,
        1);
  }
}
