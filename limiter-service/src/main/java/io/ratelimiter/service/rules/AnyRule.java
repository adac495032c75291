package io.ratelimiter.service.rules;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A rule of the set: one that limits, or one that exempts. */
public sealed interface AnyRule permits Rule, ExemptRule {

  /** Stable through edits. */
  long id();

  /** Whose rule it is. */
  String tenant();

  /** Unique within the tenant. */
  String name();

  /** A client, or {@code *}. */
  String clientId();

  /** A limit key, or {@code *}. */
  String limitKey();

  /** What the rule does to a check that it matches. */
  Mode mode();

  /** Whether it can be in force at all. */
  boolean enabled();

  /** First instant in force, null means since ever. */
  @Nullable Instant validFrom();

  /** First instant no longer in force, null means for ever. */
  @Nullable Instant validUntil();

  /** Revision of the rule set at the rule's last change. */
  long revision();

  /** Whether this rule counts at that time, milliseconds since 1970. */
  default boolean inForce(long nowMillis) {
    Instant from = validFrom();
    Instant until = validUntil();
    return enabled()
        && (from == null || nowMillis >= from.toEpochMilli())
        && (until == null || nowMillis < until.toEpochMilli());
  }

  /** Whether this rule is not in force at every time. */
  default boolean timed() {
    return validFrom() != null || validUntil() != null;
  }
}
