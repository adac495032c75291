package io.ratelimiter.service.rules;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A rule of the set: one that limits, or one that exempts. */
public sealed interface AnyRule permits Rule, ExemptRule {

  /** Id of the rule; stable through edits. */
  long id();

  /** The tenant that the rule belongs to. */
  String tenant();

  /** Name of the rule, unique within the tenant. */
  String name();

  /** The client that it matches, or {@code *}. */
  String clientId();

  /** The limit key that it matches, or {@code *}. */
  String limitKey();

  /** What the rule does to a check that it matches. */
  Mode mode();

  /** Whether it can be in force at all. */
  boolean enabled();

  /** First instant in force; null: no start. */
  @Nullable Instant validFrom();

  /** First instant no longer in force; null: no end. */
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

  /** Whether this rule is in force only at some times. */
  default boolean timed() {
    return validFrom() != null || validUntil() != null;
  }
}
