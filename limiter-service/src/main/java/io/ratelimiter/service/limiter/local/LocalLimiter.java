package io.ratelimiter.service.limiter.local;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.FallbackLimiter;
import io.ratelimiter.service.limiter.Judgement;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.Micros;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.limiter.StoreKey;
import io.ratelimiter.service.rules.Match;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Limits in this process while the store is away, at this instance's share. Thread-safe; checks of
 * one client wait for each other, for microseconds.
 *
 * <p>Memory is bounded: a client is forgotten as soon as all of its limits are untouched again, and
 * earlier when there are too many, those first that are rarely seen.
 */
public final class LocalLimiter implements FallbackLimiter {

  /** About 50 MB. */
  private static final long MAX_WEIGHT = 200_000;

  private record Client(LocalCounters counters, long untouchedAtMicros, int weight) {}

  private final Cache<String, Client> clients;
  private final Shares shares;
  private final InstantSource clock;

  /**
   * A limiter that knows nothing yet.
   *
   * @param instances how many limiters share the limits, at least 1
   */
  public LocalLimiter(int instances, InstantSource clock) {
    this.shares = new Shares(instances);
    this.clock = clock;
    this.clients =
        Caffeine.newBuilder()
            .maximumWeight(MAX_WEIGHT)
            .<String, Client>weigher((_, client) -> client.weight())
            .expireAfter(Expiry.<String, Client>writing((_, client) -> untilUntouched(client)))
            .build();
  }

  @Override
  public CompletionStage<Decision> check(Check check, Match match, DegradedReason reason) {
    // Set by the very call of compute() below, which runs its function once, under the client's
    // lock.
    Decision[] decided = new Decision[1];
    clients
        .asMap()
        .compute(
            StoreKey.prefix(check),
            (_, known) -> {
              LocalCounters counters = known == null ? new LocalCounters(shares) : known.counters();
              long nowMicros = Micros.of(clock.instant());
              Judgement judgement = new Judgement(Source.LOCAL, reason, nowMicros, check.cost());
              decided[0] = counters.check(judgement, check, match.rules());
              long before = known == null ? nowMicros : known.untouchedAtMicros();
              return new Client(
                  counters, Math.max(before, untouchedAtMicros(decided[0])), counters.weight());
            });
    return CompletableFuture.completedStage(decided[0]);
  }

  /** How many clients it knows. */
  long clients() {
    clients.cleanUp();
    return clients.estimatedSize();
  }

  private static long untouchedAtMicros(Decision decision) {
    long latest = 0;
    for (LimitOutcome limit : decision.limits()) {
      if (limit instanceof LimitOutcome.Judged judged) {
        latest = Math.max(latest, judged.resetAtMicros());
      }
    }
    return latest;
  }

  private Duration untilUntouched(Client client) {
    long micros = client.untouchedAtMicros() - Micros.of(clock.instant());
    return Duration.ofNanos(Math.max(1, micros) * 1_000);
  }
}
