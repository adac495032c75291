package io.ratelimiter.service.limiter.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Judgement;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalCountersTests {

  private static final long SECOND = 1_000_000;
  private static final Rule LOG =
      Rules.enforcing(1, Rules.policy(Algorithm.SLIDING_WINDOW, 1_000, 60));
  private static final Rule BUCKET =
      Rules.enforcing(2, Rules.policy(Algorithm.TOKEN_BUCKET, 1_000, 60));

  private final LocalCounters counters = new LocalCounters(new Shares(1));

  private static Check key(String limitKey, long cost) {
    return new Check("default", "client", limitKey, cost);
  }

  private void take(long nowMicros, String limitKey) {
    Judgement judgement = new Judgement(Source.LOCAL, null, nowMicros, 1);
    counters.check(judgement, key(limitKey, 1), List.of(LOG, BUCKET));
  }

  @Test
  void theWeightIsThatOfAllAccounts() {
    for (int i = 0; i < 100; i++) {
      take(SECOND, "key-" + i);
    }
    assertThat(counters.weight()).isEqualTo(200);
  }

  @Test
  void aLogWeighsMoreWithItsChargesUntilTheyHaveLeft() {
    for (int i = 0; i < 80; i++) {
      take(SECOND + i, "key");
    }
    assertThat(counters.weight()).isEqualTo(2 + 80 / 8);
    counters.refund(2 * SECOND, key("key", 40), List.of(LOG, BUCKET));
    assertThat(counters.weight()).isEqualTo(2 + 40 / 8);
    take(100 * SECOND, "key");
    assertThat(counters.weight()).isEqualTo(2);
    counters.reset(100 * SECOND, key("key", 0), List.of(LOG, BUCKET));
    assertThat(counters.weight()).isZero();
  }
}
