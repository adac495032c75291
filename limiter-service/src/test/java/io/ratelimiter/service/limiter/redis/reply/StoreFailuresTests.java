package io.ratelimiter.service.limiter.redis.reply;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreFailuresTests {

  /** In the form of Redis 7, and of Redis 6, which has the position in the script first. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "OOM command not allowed when used memory > 'maxmemory'.",
        "ERR Error running script (call to f_0a): @user_script:12: -OOM command not allowed",
        "READONLY You can't write against a read only replica.",
        "LOADING Redis is loading the dataset in memory",
        "BUSY Redis is busy running a script.",
        "CLUSTERDOWN Hash slot not served",
        "CLUSTERDOWN The cluster is down",
        "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
        "TRYAGAIN Multiple keys request during rehashing of slot",
        "MISCONF Redis is configured to save RDB snapshots",
        "NOREPLICAS Not enough good replicas to write.",
        "NOAUTH Authentication required.",
        "NOPERM this user has no permissions to run the 'evalsha' command"
      })
  void aStoreThatCannotExecuteACommandHasFailed(String text) {
    assertThat(StoreFailures.classify(new RedisCommandExecutionException(text)))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class,
            failure -> assertThat(failure.reason()).isEqualTo(DegradedReason.STORE_ERROR));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          ERR user_script:12: attempt to perform arithmetic on a nil value,     OTHER
          WRONGTYPE Operation against a key holding the wrong kind of value,    OTHER
          EXECABORT Transaction discarded because of previous errors.,          OTHER
          NOSCRIPT No matching script.,                                         OTHER
          MOVED 3999 127.0.0.1:6381,                                            CLUSTER
          ASK 3999 127.0.0.1:6381,                                              CLUSTER
          CROSSSLOT Keys in request don't hash to the same slot,                CLUSTER
          NOPERM this user has no permissions to run the 'evalsha' command,     PERMISSION
          OOM command not allowed,                                              FULL
          READONLY You can't write against a read only replica.,                READ_ONLY
          BUSY Redis is busy running a script.,                                 BUSY
          ASKED for nothing,                                                    OTHER
          """)
  void everyErrorIsAFailureOfTheStoreOfItsKind(String text, FailureKind kind) {
    RedisCommandExecutionException error = new RedisCommandExecutionException(text);
    assertThat(StoreFailures.kind(new CompletionException(error))).isEqualTo(kind);
    assertThat(StoreFailures.classify(error).reason()).isEqualTo(DegradedReason.STORE_ERROR);
    assertThat(StoreFailures.kind(StoreFailures.classify(error))).isEqualTo(kind);
  }

  @Test
  void anyOtherExceptionIsAConnectionFailure() {
    assertThat(StoreFailures.kind(new CancellationException())).isEqualTo(FailureKind.CONNECTION);
    assertThat(StoreFailures.kind(new RejectedExecutionException("event loop shut down")))
        .isEqualTo(FailureKind.CONNECTION);
    assertThat(StoreFailures.kind(new MalformedReplyException("an array of 100000000 elements")))
        .isEqualTo(FailureKind.MALFORMED);
  }

  @Test
  void anErrorTextIsBoundedAndCannotForgeALogLine() {
    String text =
        StoreFailures.text(
            new RedisCommandExecutionException(
                "ERR \u001b[2J\r\nWARN forged " + "x".repeat(9_000)));
    assertThat(text).startsWith("ERR ?[2J??WARN forged x").hasSizeLessThan(210);
  }

  @Test
  void timeoutsAndLostConnectionsAreDistinguished() {
    assertThat(reason(new RedisCommandTimeoutException("after 50 ms")))
        .isEqualTo(DegradedReason.TIMEOUT);
    assertThat(reason(new RedisException("Connection closed")))
        .isEqualTo(DegradedReason.CONNECTION);
    assertThat(reason(new IOException("Connection reset"))).isEqualTo(DegradedReason.CONNECTION);
  }

  private static DegradedReason reason(Throwable failure) {
    return StoreFailures.classify(failure).reason();
  }
}
