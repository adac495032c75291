package io.ratelimiter.service.limiter.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MonitoredConnectionTests {

  private static final Throwable LATE = new RedisCommandTimeoutException("after 50 ms");
  private static final Throwable DEMOTED =
      new RedisCommandExecutionException("READONLY You can't write against a read only replica.");

  private static final LoopState LOOP =
      new LoopState(
          ImmediateEventExecutor.INSTANCE,
          new Deadlines(
              ImmediateEventExecutor.INSTANCE, Duration.ofMillis(50), System::nanoTime, _ -> {}),
          new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE));

  private int notified;
  private final MonitoredConnection connection =
      new MonitoredConnection(noConnection(), LOOP, _ -> notified++);

  /** These tests send no command. */
  @SuppressWarnings("NullAway")
  private static RedisClients.ClientConnection noConnection() {
    return new RedisClients.ClientConnection(null, List::of);
  }

  @Test
  void twentyConsecutiveFailuresAreNotifiedAndTwentyMoreAgain() {
    end(19, LATE);
    assertThat(notified).isZero();
    end(1, DEMOTED);
    assertThat(notified).isEqualTo(1);
    end(20, DEMOTED);
    assertThat(notified).isEqualTo(2);
    assertThat(connection.isFailing()).isTrue();
  }

  @Test
  void anAnswerInBetweenRestartsTheCount() {
    end(19, LATE);
    end(1, null);
    assertThat(connection.isFailing()).isFalse();
    end(19, LATE);
    assertThat(notified).isZero();
  }

  @Test
  void failuresThatAnotherConnectionWouldNotPreventAreNotCounted() {
    end(40, new RedisException("Connection closed"));
    end(40, new RedisNoScriptException("NOSCRIPT No matching script."));
    end(40, new RedisCommandExecutionException("TRYAGAIN Multiple keys request during rehashing"));
    end(40, new RedisCommandExecutionException("ERR user_script:12: attempt to compare nil"));
    assertThat(notified).isZero();
    assertThat(connection.isFailing()).isFalse();
  }

  private void end(int times, @Nullable Throwable failure) {
    for (int i = 0; i < times; i++) {
      connection.ended(failure);
    }
  }
}
