package io.ratelimiter.service.limiter.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import io.netty.channel.embedded.EmbeddedChannel;
import io.ratelimiter.service.limiter.redis.reply.IntegersOutput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The test controls the clock, and when and how late the loop runs. */
class DeadlinesTests {

  private static final Duration TIMEOUT = Duration.ofMillis(50);

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<Long> lags = new ArrayList<>();
  private long nowNanos = 1_000_000_000L;
  private final Deadlines deadlines =
      new Deadlines(channel.eventLoop(), TIMEOUT, () -> nowNanos, lags::add);

  DeadlinesTests() {
    channel.freezeTime();
  }

  private StoreCommand<long[]> sent() {
    StoreCommand<long[]> command =
        new StoreCommand<>(
            new Command<>(CommandType.EVALSHA, new IntegersOutput(StringCodec.UTF8, 4)));
    deadlines.watch(command);
    return command;
  }

  /** Runs the loop for this time. */
  private void run(int millis) {
    for (int i = 0; i < millis; i++) {
      nowNanos += 1_000_000;
      channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
    }
  }

  /** Pauses the process for this time. */
  private void pause(int millis) {
    nowNanos += millis * 1_000_000L;
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
  }

  @Test
  void aCommandWithoutReplyFailsSoonAfterItsTimeout() {
    StoreCommand<long[]> command = sent();
    run(50);
    assertThat(command).isNotDone();
    run(5);
    assertThat(command).isCompletedExceptionally();
    assertThat(command.exceptionNow()).isInstanceOf(RedisCommandTimeoutException.class);
  }

  @Test
  void eachOfManyFailsAtItsOwnTime() {
    StoreCommand<long[]> first = sent();
    run(30);
    StoreCommand<long[]> second = sent();
    run(25);
    assertThat(first).isCompletedExceptionally();
    assertThat(second).isNotDone();
    run(30);
    assertThat(second).isCompletedExceptionally();
  }

  @Test
  void aReplyThatIsReadAfterTheTickPreventsTheTimeout() {
    StoreCommand<long[]> command = sent();
    run(50);
    // The tick has run; before commands fail, the loop reads.
    long[] reply = {1};
    command.complete(reply);
    run(100);
    assertThat(command).isCompletedWithValue(reply);
  }

  @Test
  void timeInWhichTheLoopStandsStillIsNotCounted() {
    StoreCommand<long[]> command = sent();
    run(10);
    pause(300);
    run(25);
    assertThat(command).isNotDone();
    run(30);
    assertThat(command).isCompletedExceptionally();
    assertThat(lags).anyMatch(lag -> lag > 280_000_000L);
  }

  @Test
  void aPauseBeforeACommandWasSentDoesNotLengthenItsTime() {
    sent();
    run(2);
    pause(300);
    // Sent while the loop processes events that arrived meanwhile, before its tick.
    StoreCommand<long[]> command = sent();
    run(56);
    assertThat(command).isCompletedExceptionally();
  }

  @Test
  void afterAnIdlePeriodCommandsTimeOutAgain() {
    sent().complete(new long[0]);
    run(500);
    StoreCommand<long[]> command = sent();
    run(55);
    assertThat(command).isCompletedExceptionally();
    assertThat(lags).allMatch(lag -> lag < 5_000_000L);
  }
}
