package io.ratelimiter.service.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ratelimiter.localstack.RedisBinary;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.RedisFrom;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.SettleRequest;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Rule;
import org.junit.jupiter.api.Test;

/** The record of a decision that can be settled, as the scripts leave it in Redis. */
class SettlementStateIT extends StateFixture {

  private static final String RECORD = "rl:{default/client}:settle:d1";
  private static final String TALLY = "rl:{default/client}:1:tb:60:key:}given";
  private static final SettleRequest SETTLE = new SettleRequest("default", "client", "d1", 3);

  SettlementStateIT(@RedisFrom(RedisBinary.BUNDLED) RedisServer server) {
    super(server);
  }

  private void check(long cost, Rule... rules) {
    Check check =
        new Check("default", "client", "key", cost)
            .with(new CheckOptions(Priority.NORMAL, 0, 60_000, "d1"));
    redis.check(NOON, check, Rules.match(rules));
  }

  @Test
  void theRecordExpiresWhenTheTimeToSettleIsOver() {
    check(5, minute(Algorithm.TOKEN_BUCKET));
    assertThat(expiresAtMillis(RECORD)).isCloseTo(NOON / 1_000 + 60_000, within(1L));
  }

  @Test
  void aSettledRecordKeepsItsExpiry() {
    check(5, minute(Algorithm.TOKEN_BUCKET));
    assertThat(redis.settle(NOON + SECOND, SETTLE)).isPresent();
    assertThat(expiresAtMillis(RECORD)).isCloseTo(NOON / 1_000 + 60_000, within(1L));
  }

  @Test
  void anExpiredRecordLeavesTheEstimateCharged() {
    check(5, minute(Algorithm.TOKEN_BUCKET));
    commands.del(RECORD);
    assertThat(redis.settle(NOON, SETTLE)).isEmpty();
    assertThat(commands.get("rl:{default/client}:1:tb:60:key")).startsWith("5000000:");
  }

  @Test
  void theRecordHasTheLimitsThatWereCharged() {
    check(
        5,
        minute(Algorithm.TOKEN_BUCKET),
        Rules.shadow(2, Rules.policy(Algorithm.FIXED_WINDOW, 4, 60)),
        Rules.shadow(3, Rules.policy(Algorithm.FIXED_WINDOW, 6, 60)));
    assertThat(commands.get(RECORD))
        .startsWith("%1$d:5000000:0 0 %1$d\n{\"limit_key\":\"key\",\"cost\":5,".formatted(NOON));
  }

  @Test
  void whatSettlementsGaveBackOnABucketIsKeptForLongerThanAnyRecord() {
    check(5, minute(Algorithm.TOKEN_BUCKET));
    redis.settle(NOON, SETTLE);
    assertThat(commands.get(TALLY)).isEqualTo("2");
    assertThat(expiresAtMillis(TALLY)).isCloseTo(NOON / 1_000 + 7_200_000, within(1L));

    redis.check(
        NOON + SECOND,
        cost(1).with(new CheckOptions(Priority.NORMAL, 0, 60_000, "d2")),
        Rules.match(minute(Algorithm.TOKEN_BUCKET)));
    assertThat(commands.get("rl:{default/client}:settle:d2")).contains(":2\n");
    assertThat(expiresAtMillis(TALLY)).isCloseTo(NOON / 1_000 + 7_201_000, within(1L));
  }

  @Test
  void aForeignTallyIsReplacedAndBlocksNothing() {
    commands.lpush(TALLY, "foreign");
    check(5, minute(Algorithm.TOKEN_BUCKET));
    assertThat(redis.settle(NOON, SETTLE)).isPresent();
    assertThat(commands.get(TALLY)).isEqualTo("2");
  }

  @Test
  void aCheckThatCannotBeSettledLeavesNoRecord() {
    take(NOON, 5, Rules.rule(1, Rules.bucket(60, 60, 60)).maxWait(1_000).limit());
    assertThat(commands.keys("*")).hasSize(1);
  }

  @Test
  void aBlockedCheckLeavesNoRecord() {
    check(61, minute(Algorithm.TOKEN_BUCKET));
    assertThat(commands.keys("*")).isEmpty();
  }

  @Test
  void aValueThatNoScriptHasWrittenIsNoRecord() {
    commands.set(RECORD, "1:1\n{}");
    assertThat(redis.settle(NOON, SETTLE)).isEmpty();
    commands.set(RECORD, "anything");
    assertThat(redis.settle(NOON, SETTLE)).isEmpty();
  }

  @Test
  void aRecordWithForeignChargesOrAnswersIsSettledOnce() {
    check(5, minute(Algorithm.TOKEN_BUCKET));
    String text = commands.get(RECORD).split("\n")[1];
    commands.set(RECORD, NOON + "\n" + text + "\n1 2");
    assertThat(redis.settle(NOON + SECOND, SETTLE).orElseThrow().adjustment().applied()).isTrue();
    assertThat(redis.settle(NOON + SECOND, SETTLE).orElseThrow().adjustment().applied()).isFalse();
  }
}
