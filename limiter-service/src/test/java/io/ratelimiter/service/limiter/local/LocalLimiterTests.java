package io.ratelimiter.service.limiter.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import java.time.Clock;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalLimiterTests {

  private final LocalLimiter limiter = new LocalLimiter(3, Clock.systemUTC());

  private Decision check(String client, long cost, Match match) {
    return limiter
        .check(new Check("default", client, "key", cost), match, DegradedReason.CIRCUIT_OPEN)
        .toCompletableFuture()
        .join();
  }

  @ParameterizedTest
  @EnumSource
  void eachInstanceGrantsItsShareRoundedUp(Algorithm algorithm) {
    Match match = Rules.match(Rules.enforcing(1, Rules.policy(algorithm, 10, 86_400)));
    int allowed = 0;
    for (int i = 0; i < 10; i++) {
      allowed += check("client", 1, match) instanceof Decision.Allowed ? 1 : 0;
    }
    assertThat(allowed).isEqualTo(4);
  }

  @Test
  void whoeverComesThereIsRoomForSoManyOnly() {
    Match match = Rules.match(Rules.enforcing(1, Rules.policy(Algorithm.TOKEN_BUCKET, 10, 86_400)));
    for (int i = 0; i < 300_000; i++) {
      check("client-" + i, 1, match);
    }
    assertThat(limiter.clients()).isBetween(100_000L, 200_000L);
  }

  @Test
  void whoHasAllBackIsForgotten() {
    Match match = Rules.match(Rules.enforcing(1, Rules.policy(Algorithm.TOKEN_BUCKET, 10, 1)));
    for (int i = 0; i < 1_000; i++) {
      check("client-" + i, 1, match);
    }
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> limiter.clients() == 0);
  }
}
