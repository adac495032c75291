package io.ratelimiter.service.rules;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A rule that limits.
 *
 * @param id stable through edits; part of the store key
 * @param revision revision of the rule set at the rule's last change
 * @param counterEpoch raised by the table with each change of what is counted together; part of the
 *     store key, so that such a change, and the change back, reset the counters
 * @param terms of mode enforce or shadow
 * @param spending how the policy's capacity may be spent
 */
public record Rule(
    long id, long revision, long counterEpoch, RuleTerms terms, Policy policy, Spending spending)
    implements AnyRule {

  /** Matches every client or every limit key. */
  public static final String WILDCARD = "*";

  public Rule {
    if (terms.mode() == Mode.EXEMPT) {
      throw new IllegalArgumentException("mode of a rule that limits must be enforce or shadow");
    }
    terms.check();
    spending.check(policy);
  }

  /**
   * A rule with plain spending of counter epoch 0, as are all rules that are not from the table.
   */
  public Rule(long id, long revision, RuleTerms terms, Policy policy) {
    this(id, revision, 0, terms, policy, Spending.PLAIN);
  }

  /** The policy for checks of this priority: without the units that are kept from it. */
  public Policy policyFor(Priority priority) {
    long reserved = reserved(priority);
    return reserved == 0 ? policy : policy.withCapacity(policy.capacity() - reserved);
  }

  /** Units of the capacity that are kept from checks of this priority. */
  public long reserved(Priority priority) {
    return spending.reserves() ? spending.reserved(priority, policy.capacity()) : 0;
  }

  /** Max units that a counter of this rule can hold. */
  public long ceiling() {
    return spending.ceiling(policy);
  }

  /** Whether both have the same counters, so that only numbers have changed between them. */
  boolean countsAs(Rule other) {
    return id == other.id
        && counterEpoch == other.counterEpoch
        && policy.getClass() == other.policy.getClass()
        && policy.windowSeconds() == other.policy.windowSeconds()
        && tenant().equals(other.tenant())
        && limitKey().equals(other.limitKey())
        && shared() == other.shared()
        && Objects.equals(terms.by(), other.terms.by());
  }

  /** Whether this rule is enforced. */
  public boolean enforcing() {
    return terms.mode() == Mode.ENFORCE;
  }

  /** Whether all limit keys of a client share one counter. */
  public boolean shared() {
    return terms.shared();
  }

  /** Whether it applies beside whatever level is chosen. */
  public boolean always() {
    return terms.always();
  }

  /** The rule's own fail mode; null: the service's. */
  public @Nullable FailMode failMode() {
    return terms.failMode();
  }
}
