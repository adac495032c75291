package io.ratelimiter.service.limiter.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.Micros;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalLimiterTests {

  private static final long SEED = 20_261_130L;
  private static final int DAY = 86_400;
  private static final long ROOMY = 64 << 20;

  private Instant now = Instant.parse("2026-11-30T00:00:00Z");

  private LocalLimiter limiter = new LocalLimiter(1, () -> now, ROOMY, 4);

  private Decision check(String client, long cost, Match match) {
    return check(new Check("default", client, "key", cost), match);
  }

  private Decision check(Check check, Match match) {
    return limiter.check(check, match, DegradedReason.CIRCUIT_OPEN).toCompletableFuture().join();
  }

  private boolean allowed(String client, Match match) {
    return check(client, 1, match) instanceof Decision.Allowed;
  }

  private static Match limit(Algorithm algorithm, long limit, long windowSeconds) {
    return Rules.match(Rules.enforcing(1, Rules.policy(algorithm, limit, windowSeconds)));
  }

  private long accounts() {
    return Arrays.stream(limiter.shards).mapToLong(shard -> shard.accounts.size()).sum();
  }

  private long bytes() {
    return Arrays.stream(limiter.shards).mapToLong(shard -> shard.accounts.bytes()).sum();
  }

  private LocalLimiter roomFor(int accounts) {
    return new LocalLimiter(1, () -> now, (long) accounts * Accounts.ACCOUNT_BYTES, 1);
  }

  @ParameterizedTest
  @EnumSource
  void eachInstanceGrantsItsShareRoundedUp(Algorithm algorithm) {
    limiter = new LocalLimiter(3, () -> now);
    Match match = limit(algorithm, 10, DAY);
    int allowed = 0;
    for (int i = 0; i < 10; i++) {
      allowed += allowed("client", match) ? 1 : 0;
    }
    assertThat(allowed).isEqualTo(4);
  }

  @Test
  void theNumberOfAccountsIsBoundedBesideOneOverflowAccountPerRule() {
    limiter = roomFor(1_000);
    Match match = limit(Algorithm.TOKEN_BUCKET, 10, DAY);
    for (int i = 0; i < 3_000; i++) {
      check("client-" + i, 1, match);
    }
    assertThat(accounts()).isEqualTo(1_001);
    assertThat(bytes()).isEqualTo(1_001 * Accounts.ACCOUNT_BYTES);
  }

  @ParameterizedTest
  @EnumSource
  void untouchedAccountsAreDroppedByAnyCheck(Algorithm algorithm) {
    Match match = limit(algorithm, 10, 1);
    for (int i = 0; i < 1_000; i++) {
      check("client-" + i, 1, match);
    }
    assertThat(accounts()).isEqualTo(1_000);
    now = now.plusSeconds(2);
    for (int i = 0; i < 400; i++) {
      check("client-" + i, 0, match);
    }
    assertThat(accounts()).isZero();
    assertThat(bytes()).isZero();
  }

  @Test
  void aCheckWithoutCostAndABlockedCheckCreateNoAccount() {
    Match match =
        Rules.match(
            Rules.shared(1, Rules.bucket(1, DAY, 1)), Rules.enforcing(2, Rules.bucket(1, DAY, 1)));
    check("client", 1, match);
    for (int i = 0; i < 100; i++) {
      check("new-" + i, 0, match);
      check("new-" + i, 2, match);
      check(new Check("default", "client", "key-" + i, 1), match);
    }
    assertThat(accounts()).isEqualTo(2);
  }

  @Test
  void aFloodNeitherReducesNorIncreasesAKnownClientsUnits() {
    limiter = roomFor(100);
    Match match = limit(Algorithm.TOKEN_BUCKET, 3, DAY);
    assertThat(allowed("known", match)).isTrue();
    for (int i = 0; i < 1_000; i++) {
      check("client-" + i, 1, match);
    }
    assertThat(allowed("known", match)).isTrue();
    assertThat(allowed("known", match)).isTrue();
    assertThat(allowed("known", match)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void clientsWithoutRoomShareOneLimitOfTheRule(Algorithm algorithm) {
    limiter = roomFor(0);
    Match match = limit(algorithm, 5, DAY);
    Match other = Rules.match(Rules.enforcing(2, Rules.policy(algorithm, 5, DAY)));
    int allowed = 0;
    int allowedByOther = 0;
    for (int i = 0; i < 100; i++) {
      allowed += allowed("client-" + i, match) ? 1 : 0;
      allowedByOther += allowed("client-" + i, other) ? 1 : 0;
    }
    assertThat(allowed).isEqualTo(5);
    assertThat(allowedByOther).isEqualTo(5);
  }

  /** Otherwise a constant stream of new clients would keep the overflow account in use. */
  @ParameterizedTest
  @EnumSource
  void onceThereIsRoomANewAccountStartsAsACopyOfTheOverflowAccount(Algorithm algorithm) {
    limiter = new LocalLimiter(1, () -> now, 2_000, 1);
    Match day = limit(algorithm, 5, DAY);
    Match hour = Rules.match(Rules.enforcing(2, Rules.policy(algorithm, 5, 3_600)));
    for (int i = 0; i < 10; i++) {
      check("short-" + i, 1, hour);
    }
    check("first", 1, day);
    check("second", 1, day);
    long full = accounts();
    now = now.plusSeconds(7_200);

    assertThat(remaining(check("third", 0, day))).isEqualTo(remaining(check("first", 0, day)));
    long before = remaining(check("third", 0, day));
    assertThat(before).isLessThan(5);
    assertThat(remaining(check("third", 1, day))).isEqualTo(before - 1);
    assertThat(remaining(check("fourth", 0, day))).isEqualTo(before);
    assertThat(accounts()).isLessThan(full);
  }

  private static long remaining(Decision decision) {
    return ((Evaluated) decision.limits().getFirst()).remaining();
  }

  /** An exact count of a client alone allows all that the limiter allows with little memory. */
  @ParameterizedTest
  @EnumSource
  void noClientEverGetsMoreThanItsLimits(Algorithm algorithm) {
    Random random = new Random(SEED);
    limiter = new LocalLimiter(1, () -> now, 12 * Accounts.ACCOUNT_BYTES, 2);
    ReferenceLimiter exact = new ReferenceLimiter();
    Match match =
        Rules.match(
            Rules.enforcing(1, Rules.policy(algorithm, 20, 10)),
            Rules.shared(2, Rules.policy(algorithm, 60, 60)));
    int allowed = 0;
    int stricter = 0;
    for (int step = 0; step < 40_000; step++) {
      now = now.plus(Duration.ofMillis(random.nextInt(step % 8_000 < 4_000 ? 10 : 1_000)));
      Check check =
          new Check(
              "default", "c" + random.nextInt(30), "k" + random.nextInt(2), random.nextInt(4));
      boolean passes = check(check, match) instanceof Decision.Allowed;
      if (passes) {
        allowed++;
        assertThat(exact.check(Micros.of(now), check, match))
            .as("seed %d, step %d", SEED, step)
            .isInstanceOf(Decision.Allowed.class);
      } else if (exact.check(Micros.of(now), peek(check), match) instanceof Decision.Allowed) {
        stricter++;
      }
      assertThat(bytes()).isLessThan(12 * Accounts.ACCOUNT_BYTES + 4 * 1_056 + 1);
    }
    assertThat(allowed).isGreaterThan(2_000);
    assertThat(stricter).isPositive();
  }

  private static Check peek(Check check) {
    return new Check(check.tenant(), check.clientId(), check.limitKey(), 0);
  }
}
