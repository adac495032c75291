package io.ratelimiter.service.rules.live;

import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.RuleSet;
import io.ratelimiter.service.rules.definition.StoredRuleSet;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rule set in force, and what is known of it. One thread changes it, any thread reads. */
final class LiveRules implements ActiveRules, RulesStatus {

  private static final Logger log = LoggerFactory.getLogger(LiveRules.class);

  private final Algorithm inherited;
  private final boolean databaseConfigured;
  private final LongSupplier nanoTime;

  private volatile RuleSet current;
  private volatile Knowledge knowledge;

  private record Knowledge(
      Source source,
      long confirmedNanos,
      boolean databaseAvailable,
      @Nullable Refusal refused,
      @Nullable String unavailable) {

    Knowledge confirmed(long nowNanos) {
      return new Knowledge(source, nowNanos, source == Source.DATABASE, null, null);
    }
  }

  /**
   * @param inherited the algorithm of rules that name none
   * @param nanoTime a clock that never goes back, nanoseconds
   * @throws InvalidRuleSetException when the first set cannot be in force
   */
  LiveRules(
      Algorithm inherited, boolean databaseConfigured, LongSupplier nanoTime, StartRules start) {
    this.inherited = inherited;
    this.databaseConfigured = databaseConfigured;
    this.nanoTime = nanoTime;
    this.current = start.set().compile(inherited);
    this.knowledge = new Knowledge(start.source(), nanoTime.getAsLong(), false, null, null);
    log.info("Rules in force: {}, from {}", describe(), start.source().wireName());
  }

  /** The algorithm of rules that name none. */
  Algorithm inherited() {
    return inherited;
  }

  @Override
  public RuleSet current() {
    return current;
  }

  /**
   * Puts this set in force, whole.
   *
   * @throws InvalidRuleSetException when it cannot be; then nothing changes
   */
  void accept(StoredRuleSet set, Source source) {
    current = current.replacedBy(set.revision(), set.under(inherited));
    knowledge = new Knowledge(source, nanoTime.getAsLong(), source == Source.DATABASE, null, null);
    log.info("Rules in force: {}, from {}", describe(), source.wireName());
  }

  private String describe() {
    return current.rules().size() + " of revision " + current.revision();
  }

  /** The set in force was seen to be the newest. */
  void confirm() {
    Knowledge before = knowledge;
    knowledge = before.confirmed(nanoTime.getAsLong());
    if (before.unavailable != null) {
      log.info("Rules can be read again; in force stays {}", describe());
    }
  }

  /** The newest set was read, and is kept out. */
  void refuse(long revision, String why, Source from) {
    Knowledge before = knowledge;
    boolean database = from == Source.DATABASE;
    Refusal refusal = new Refusal(revision, why);
    knowledge = new Knowledge(before.source, before.confirmedNanos, database, refusal, null);
    if (!refusal.equals(before.refused)) {
      log.warn("Rules refused: revision {}: {}; in force stays {}", revision, why, describe());
    }
  }

  /** Nobody can tell which set is the newest. */
  void lost(String why) {
    Knowledge before = knowledge;
    knowledge = new Knowledge(before.source, before.confirmedNanos, false, before.refused, why);
    if (before.unavailable == null) {
      log.warn("Rules cannot be read: {}; in force stays {}", why, describe());
    }
  }

  @Override
  public State state() {
    Knowledge known = knowledge;
    RuleSet set = current;
    return new State(
        set.revision(),
        known.source,
        set.rules().size(),
        Duration.ofNanos(nanoTime.getAsLong() - known.confirmedNanos),
        databaseConfigured,
        known.databaseAvailable,
        known.refused,
        known.unavailable);
  }
}
