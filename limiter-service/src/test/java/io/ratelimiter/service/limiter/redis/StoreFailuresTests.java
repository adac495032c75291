package io.ratelimiter.service.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreFailuresTests {

  /** As Redis 7 says it, and as Redis 6 does, which names the place in the script first. */
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
  void aStoreThatCannotIsAFailureOfTheStore(String said) {
    assertThat(StoreFailures.classify(new RedisCommandExecutionException(said)))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class,
            failure -> assertThat(failure.reason()).isEqualTo(DegradedReason.STORE_ERROR));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ERR Error compiling script (new function): user_script:1: unexpected symbol",
        "ERR user_script:12: attempt to perform arithmetic on a nil value",
        "ERR wrong number of arguments for 'get' command",
        "WRONGTYPE Operation against a key holding the wrong kind of value"
      })
  void aFaultOfOursIsNone(String said) {
    RedisCommandExecutionException fault = new RedisCommandExecutionException(said);
    assertThat(StoreFailures.classify(new CompletionException(fault))).isSameAs(fault);
  }

  @Test
  void timeoutsAndLostConnectionsAreToldApart() {
    assertThat(reason(new RedisCommandTimeoutException("after 50 ms")))
        .isEqualTo(DegradedReason.TIMEOUT);
    assertThat(reason(new RedisException("Connection closed")))
        .isEqualTo(DegradedReason.CONNECTION);
    assertThat(reason(new IOException("Connection reset"))).isEqualTo(DegradedReason.CONNECTION);
  }

  private static DegradedReason reason(Throwable failure) {
    return ((StoreUnavailableException) StoreFailures.classify(failure)).reason();
  }
}
