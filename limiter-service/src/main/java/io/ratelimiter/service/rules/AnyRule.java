package io.ratelimiter.service.rules;

import java.time.Instant;

/** A rule of the set: a {@link Rule}, which limits, or an {@link Exempt} one. */
public sealed interface AnyRule permits Rule, AnyRule.Exempt {

  /** Id of the rule; stable through edits. */
  long id();

  /** Revision of the rule set at the rule's last change. */
  long revision();

  /** What the rule matches, and how and when it applies. */
  RuleTerms terms();

  /** The tenant that the rule belongs to. */
  default String tenant() {
    return terms().tenant();
  }

  /** Name of the rule, unique within the tenant. */
  default String name() {
    return terms().name();
  }

  /** The client that it matches, or {@code *}. */
  default String clientId() {
    return terms().clientId();
  }

  /** The limit key that it matches, or {@code *}. */
  default String limitKey() {
    return terms().limitKey();
  }

  /** What the rule does to a check that it matches. */
  default Mode mode() {
    return terms().mode();
  }

  /** Whether it is enabled; a disabled rule is never in force. */
  default boolean enabled() {
    return terms().enabled();
  }

  /** Whether this rule is in force at that time, milliseconds since 1970. */
  default boolean inForce(long nowMillis) {
    Instant from = terms().validFrom();
    Instant until = terms().validUntil();
    return enabled()
        && (from == null || nowMillis >= from.toEpochMilli())
        && (until == null || nowMillis < until.toEpochMilli());
  }

  /** Whether the time decides if this rule is in force. */
  default boolean timed() {
    return terms().validFrom() != null || terms().validUntil() != null;
  }

  /**
   * A rule of mode {@code exempt}: counts for the choice of the level like an enforcing rule, and
   * no limit of that level applies. It has no policy, so it is never part of a {@link Match}.
   */
  record Exempt(long id, long revision, RuleTerms terms) implements AnyRule {

    public Exempt {
      if (terms.mode() != Mode.EXEMPT) {
        throw new IllegalArgumentException("mode of an exempt rule must be exempt");
      }
      if (terms.always()) {
        throw new IllegalArgumentException(
            "always is not for mode exempt, which applies at its own level only");
      }
      terms.check();
    }
  }
}
