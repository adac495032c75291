package io.ratelimiter.service.rules.live;

import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.RuleSet;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.definition.StoredRuleSet;
import io.ratelimiter.service.rules.live.RulesState.Refusal;
import io.ratelimiter.service.rules.live.RulesState.Source;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rule set in force and its state. Changed by one thread, read by any. */
public final class LiveRules implements ActiveRules {

  private static final Logger log = LoggerFactory.getLogger(LiveRules.class);

  private final RuleContext context;
  private final boolean databaseConfigured;
  private final LongSupplier nanoTime;

  private volatile RuleSet current;
  private volatile Freshness freshness;

  /**
   * Where the set in force was read, and whether it is the newest.
   *
   * @param confirmedNanos when it was last known to be the newest
   */
  private record Freshness(
      Source source,
      long confirmedNanos,
      boolean databaseAvailable,
      @Nullable Refusal refused,
      @Nullable String unavailable) {

    static Freshness newest(Source source, long nowNanos) {
      return new Freshness(source, nowNanos, source == Source.DATABASE, null, null);
    }
  }

  /**
   * @param context of the rules
   * @param nanoTime a monotonic clock, nanoseconds
   * @throws InvalidRuleSetException when the first set cannot be in force
   */
  LiveRules(
      RuleContext context, boolean databaseConfigured, LongSupplier nanoTime, StartRules start) {
    this.context = context;
    this.databaseConfigured = databaseConfigured;
    this.nanoTime = nanoTime;
    this.current = start.set().compile(context);
    this.freshness = new Freshness(start.source(), nanoTime.getAsLong(), false, null, null);
    log.info("Rules in force: {}, from {}", describe(), start.source().wireName());
  }

  @Override
  public RuleSet current() {
    return current;
  }

  /** The state now; never blocks. */
  public RulesState state() {
    Freshness known = freshness;
    RuleSet set = current;
    return new RulesState(
        set.revision(),
        known.source,
        set.rules().size(),
        Duration.ofNanos(nanoTime.getAsLong() - known.confirmedNanos),
        databaseConfigured,
        known.databaseAvailable,
        known.refused,
        known.unavailable);
  }

  /**
   * Puts a set in force.
   *
   * @throws InvalidRuleSetException when it cannot be in force; then nothing changes
   */
  void accept(StoredRuleSet set, Source source) {
    current = current.replacedBy(set.revision(), set.effective(context));
    freshness = Freshness.newest(source, nanoTime.getAsLong());
    log.info("Rules in force: {}, from {}", describe(), source.wireName());
  }

  private String describe() {
    return current.rules().size() + " of revision " + current.revision();
  }

  /** Records that the set in force is the newest. */
  void confirm() {
    Freshness before = freshness;
    freshness = Freshness.newest(before.source, nanoTime.getAsLong());
    if (before.unavailable != null) {
      log.info("Rules can be read again; {} stays in force", describe());
    }
  }

  /** Records that the newest set was read and is invalid. */
  void refuse(long revision, String why, Source from) {
    Freshness before = freshness;
    boolean database = from == Source.DATABASE;
    Refusal refusal = new Refusal(revision, why);
    freshness = new Freshness(before.source, before.confirmedNanos, database, refusal, null);
    if (!refusal.equals(before.refused)) {
      log.warn("Rules refused: revision {}: {}; {} stays in force", revision, why, describe());
    }
  }

  /** Records that the newest set cannot be read. */
  void unavailable(String why) {
    Freshness before = freshness;
    freshness = new Freshness(before.source, before.confirmedNanos, false, before.refused, why);
    if (before.unavailable == null) {
      log.warn("Rules cannot be read: {}; {} stays in force", why, describe());
    }
  }
}
