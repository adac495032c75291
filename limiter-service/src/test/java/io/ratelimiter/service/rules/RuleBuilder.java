package io.ratelimiter.service.rules;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Builds rules for tests; what a test does not set has its default. */
public final class RuleBuilder {

  private final long id;
  private final String clientId;
  private final String limitKey;
  private String tenant = "default";
  private String name;
  private Policy policy = new Policy.TokenBucket(10, 60, 10);
  private final SortedMap<String, String> match = new TreeMap<>();
  private List<String> by;
  private Mode mode = Mode.ENFORCE;
  private boolean enabled = true;
  private boolean shared;
  private boolean always;
  private FailMode failMode;
  private Instant validFrom;
  private Instant validUntil;
  private long revision = 1;
  private Spending spending = Spending.PLAIN;

  private RuleBuilder(long id, String clientId, String limitKey) {
    this.id = id;
    this.clientId = clientId;
    this.limitKey = limitKey;
    this.name = "rule-" + id;
  }

  /** The rules of a set that limit. */
  public static List<Rule> limiting(RuleSet set) {
    return set.rules().stream().filter(Rule.class::isInstance).map(Rule.class::cast).toList();
  }

  public static RuleBuilder rule(long id, String clientId, String limitKey) {
    return new RuleBuilder(id, clientId, limitKey);
  }

  public RuleBuilder of(String newTenant) {
    tenant = newTenant;
    return this;
  }

  public RuleBuilder named(String newName) {
    name = newName;
    return this;
  }

  /** Also matches an attribute: an exact value, a prefix and {@code *}, or {@code *}. */
  public RuleBuilder match(String attribute, String pattern) {
    match.put(attribute, pattern);
    return this;
  }

  public RuleBuilder by(String... attributes) {
    by = List.of(attributes);
    return this;
  }

  /** A rule of rate 0. */
  public RuleBuilder ban() {
    return policy(new Policy.Ban(Algorithm.TOKEN_BUCKET, 60));
  }

  public RuleBuilder policy(Policy newPolicy) {
    policy = newPolicy;
    return this;
  }

  public RuleBuilder mode(Mode newMode) {
    mode = newMode;
    return this;
  }

  public RuleBuilder shadow() {
    return mode(Mode.SHADOW);
  }

  public RuleBuilder exempt() {
    return mode(Mode.EXEMPT);
  }

  public RuleBuilder disabled() {
    enabled = false;
    return this;
  }

  public RuleBuilder shared() {
    shared = true;
    return this;
  }

  public RuleBuilder always() {
    always = true;
    return this;
  }

  public RuleBuilder failMode(FailMode newFailMode) {
    failMode = newFailMode;
    return this;
  }

  public RuleBuilder from(long millis) {
    validFrom = Instant.ofEpochMilli(millis);
    return this;
  }

  public RuleBuilder until(long millis) {
    validUntil = Instant.ofEpochMilli(millis);
    return this;
  }

  public RuleBuilder revision(long newRevision) {
    revision = newRevision;
    return this;
  }

  private RuleTerms terms() {
    return new RuleTerms(
        tenant,
        name,
        clientId,
        limitKey,
        match,
        by,
        mode,
        enabled,
        shared,
        always,
        failMode,
        validFrom,
        validUntil);
  }

  public RuleBuilder spending(Spending newSpending) {
    spending = newSpending;
    return this;
  }

  /** Keeps shares of the capacity from normal and low priority, in ten thousandths. */
  public RuleBuilder reserve(int normal, int low) {
    spending = new Spending(normal, low, spending.maxWaitMillis(), spending.overdraft());
    return this;
  }

  public RuleBuilder maxWait(long millis) {
    spending =
        new Spending(spending.reserveNormal(), spending.reserveLow(), millis, spending.overdraft());
    return this;
  }

  public RuleBuilder overdraft(long units) {
    spending =
        new Spending(
            spending.reserveNormal(), spending.reserveLow(), spending.maxWaitMillis(), units);
    return this;
  }

  public AnyRule build() {
    return mode == Mode.EXEMPT ? new AnyRule.Exempt(id, revision, terms()) : limit();
  }

  public Rule limit() {
    return new Rule(id, revision, 0, terms(), policy, spending);
  }
}
