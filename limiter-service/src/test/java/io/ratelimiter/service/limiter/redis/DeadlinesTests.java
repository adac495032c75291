package io.ratelimiter.service.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlinesTests {

  private final AtomicLong nowNanos = new AtomicLong(Long.MAX_VALUE - 10);
  private final Deadlines deadlines = new Deadlines(Duration.ofMillis(50), nowNanos::get);

  @Test
  void a_command_ends_when_its_time_is_over_and_not_before() {
    AsyncCommand<String, String, long[]> command = watched();

    afterMillis(49);
    assertThat(command.isDone()).isFalse();
    afterMillis(1);

    assertThatThrownBy(command::join)
        .hasCauseInstanceOf(RedisCommandTimeoutException.class)
        .hasMessageContaining("EVALSHA")
        .hasMessageContaining("50 millisecond(s)");
  }

  @Test
  void each_has_its_own_time() {
    AsyncCommand<String, String, long[]> first = watched();
    afterMillis(30);
    AsyncCommand<String, String, long[]> second = watched();

    afterMillis(20);
    assertThat(first.isCompletedExceptionally()).isTrue();
    assertThat(second.isDone()).isFalse();
    afterMillis(30);

    assertThat(second.isCompletedExceptionally()).isTrue();
  }

  @Test
  void what_was_answered_stays_answered() {
    AsyncCommand<String, String, long[]> late = watched();
    AsyncCommand<String, String, long[]> answered = watched();
    answered.complete();

    afterMillis(50);

    assertThat(late.isCompletedExceptionally()).isTrue();
    assertThat(answered.isCompletedExceptionally()).isFalse();
  }

  private AsyncCommand<String, String, long[]> watched() {
    AsyncCommand<String, String, long[]> command =
        new AsyncCommand<>(
            new Command<>(CommandType.EVALSHA, new IntegersOutput(StringCodec.UTF8), null));
    deadlines.watch(command);
    return command;
  }

  private void afterMillis(long millis) {
    nowNanos.addAndGet(millis * 1_000_000);
    deadlines.sweep(Runnable::run);
  }
}
