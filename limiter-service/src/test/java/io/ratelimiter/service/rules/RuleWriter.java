package io.ratelimiter.service.rules;

import java.time.Instant;
import java.util.OptionalLong;

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

  Rule write() {
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
