package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.FallbackLimiter;
import io.ratelimiter.service.limiter.Micros;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.limiter.evaluation.Evaluation;
import io.ratelimiter.service.rules.Match;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides in this process while the store is down, within this instance's share of each limit.
 * Thread-safe; a check waits only for checks of the same shard, for microseconds.
 *
 * <p>Memory is bounded: an eighth of the heap, and about 1 KiB for each rule and shard when that is
 * used up. An account is dropped when it is untouched again, never earlier. When there is no room,
 * clients without an account share one limit of each rule, see {@link Accounts}.
 *
 * <p>A client's own accounts are all in one shard, and those that the clients of a tenant share are
 * all in one shard. A check locks the one or two shards that it needs, so it is all or nothing.
 * Each shard has its own part of the memory and its own overflow accounts. That grants no client
 * more, since a client, and a tenant, always uses the same shard.
 */
public final class LocalLimiter implements FallbackLimiter {

  private static final int SHARE_OF_HEAP = 8;
  private static final int MAX_SHARDS = 16;

  private final int instances;
  final LocalCounters[] shards;
  private final InstantSource clock;

  /**
   * A limiter without any account.
   *
   * @param instances number of instances that share the limits, at least 1
   */
  public LocalLimiter(int instances, InstantSource clock) {
    this(instances, clock, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP, shardsOfThisMachine());
  }

  /**
   * A limiter without any account.
   *
   * @param maxBytes max memory of all accounts, bytes
   */
  LocalLimiter(int instances, InstantSource clock, long maxBytes, int shards) {
    Shares shares = new Shares(instances);
    this.instances = instances;
    this.clock = clock;
    this.shards = new LocalCounters[shards];
    Arrays.setAll(this.shards, _ -> new LocalCounters(shares, maxBytes / shards));
  }

  /** One for each processor, since no more checks run at the same time. */
  private static int shardsOfThisMachine() {
    return Math.min(MAX_SHARDS, Runtime.getRuntime().availableProcessors());
  }

  @Override
  public CompletionStage<Decision> check(Check check, Match match, DegradedReason reason) {
    // Clients that choose ids of the same shard on purpose share its memory; no decision changes.
    int ofClient = Math.floorMod(check.clientHash(), shards.length);
    int ofTenant =
        match.rules().stream().anyMatch(rule -> rule.terms().acrossClients())
            ? Math.floorMod(check.tenantHash(), shards.length)
            : ofClient;
    // In ascending order, so that two checks cannot deadlock.
    synchronized (shards[Math.min(ofClient, ofTenant)]) {
      synchronized (shards[Math.max(ofClient, ofTenant)]) {
        return CompletableFuture.completedStage(
            decide(check, match, reason, shards[ofClient], shards[ofTenant]));
      }
    }
  }

  private Decision decide(
      Check check, Match match, DegradedReason reason, LocalCounters own, LocalCounters shared) {
    long nowMicros = Micros.of(clock.instant());
    own.dropUntouched(nowMicros);
    if (shared != own) {
      shared.dropUntouched(nowMicros);
    }
    Evaluation evaluation = new Evaluation(Source.LOCAL, reason, nowMicros, check);
    return own.check(evaluation, check, match.rules(), shared);
  }

  @Override
  public String toString() {
    return "LocalLimiter(1/" + instances + " of each limit)";
  }
}
