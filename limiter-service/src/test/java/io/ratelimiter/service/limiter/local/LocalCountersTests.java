package io.ratelimiter.service.limiter.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.limiter.evaluation.Evaluation;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalCountersTests {

  private static final long SECOND = 1_000_000;
  private static final int ACCOUNTS_BYTES = 2 * Accounts.ACCOUNT_BYTES;
  private static final Rule LOG =
      Rules.enforcing(1, Rules.policy(Algorithm.SLIDING_WINDOW, 1_000, 60));
  private static final Rule BUCKET =
      Rules.enforcing(2, Rules.policy(Algorithm.TOKEN_BUCKET, 1_000, 60));

  private final LocalCounters counters = new LocalCounters(new Shares(1), Long.MAX_VALUE);

  private static Check key(String limitKey, long cost) {
    return new Check("default", "client", limitKey, cost);
  }

  private void take(long nowMicros, String limitKey) {
    Evaluation evaluation = new Evaluation(Source.LOCAL, null, nowMicros, key(limitKey, 1));
    counters.check(evaluation, key(limitKey, 1), List.of(LOG, BUCKET), counters);
  }

  private static long withLogOf(int entries) {
    return ACCOUNTS_BYTES + 32 + 12 * entries;
  }

  @Test
  void theReportedMemoryCoversAllAccounts() {
    for (int i = 0; i < 100; i++) {
      take(SECOND, "key-" + i);
    }
    assertThat(counters.accounts.size()).isEqualTo(200);
    assertThat(counters.accounts.bytes()).isEqualTo(100 * withLogOf(8));
  }

  @Test
  void aLogsMemoryGrowsWithItsChargesUntilTheyExpire() {
    for (int i = 0; i < 80; i++) {
      take(SECOND + i, "key");
    }
    assertThat(counters.accounts.bytes()).isEqualTo(withLogOf(128));
    ModelAdjustments.refund(counters.accounts, 2 * SECOND, key("key", 60), List.of(LOG, BUCKET));
    assertThat(counters.accounts.bytes()).isEqualTo(withLogOf(64));
    take(100 * SECOND, "key");
    assertThat(counters.accounts.bytes()).isEqualTo(withLogOf(8));
    ModelAdjustments.reset(counters.accounts, 100 * SECOND, key("key", 0), List.of(LOG, BUCKET));
    assertThat(counters.accounts.bytes()).isZero();
  }
}
