package io.ratelimiter.service.limiter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.resilience.BreakerStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The breaker's endpoint, its metric and the decisions agree on each transition. */
@LocalStack
class BreakerTransitionsIT {

  private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(20);

  @Test
  void statusMetricAndEventsAgreeOnEachTransition(PrivateServers servers) {
    RedisServer redis = servers.redis();
    // A long timeout, so that a pause of the machine is not taken for a failure of Redis.
    Map<String, String> environment =
        Map.of("REDIS_PORT", Integer.toString(redis.port()), "REDIS_TIMEOUT_MS", "1000");
    try (ServiceUnderTest service = new ServiceUnderTest(environment)) {
      ServiceCaller caller = new ServiceCaller(service.url());
      check(caller, null, State.CLOSED);

      redis.kill();
      for (int failures = 1; failures < 5; failures++) {
        check(caller, DegradedReason.CONNECTION, State.CLOSED);
        assertThat(status(caller).get("failure_count").asInt()).isEqualTo(failures);
      }
      check(caller, DegradedReason.CONNECTION, State.OPEN);
      assertThat(status(caller).get("time_until_retry_seconds").asInt()).isBetween(1, 60);
      check(caller, DegradedReason.CIRCUIT_OPEN, State.OPEN);

      // The probe half opens it; the next check decides.
      redis.start();
      await(caller, State.HALF_OPEN);
      redis.kill();
      check(caller, DegradedReason.CONNECTION, State.OPEN);
      check(caller, DegradedReason.CIRCUIT_OPEN, State.OPEN);

      redis.start();
      await(caller, State.HALF_OPEN);
      check(caller, null, State.CLOSED);

      List<DegradedReason> reasons = new ArrayList<>();
      service
          .published()
          .decisionsOf("watched")
          .forEach(made -> reasons.add(made.decision().degradedReason()));
      // A connection whose handshake is under way when the server is killed is not seen as closed,
      // and the first check that uses it times out.
      for (int firstAfterKill : List.of(1, 7)) {
        assertThat(reasons.get(firstAfterKill))
            .isIn(DegradedReason.CONNECTION, DegradedReason.TIMEOUT);
        reasons.set(firstAfterKill, DegradedReason.CONNECTION);
      }
      assertThat(reasons)
          .containsExactly(
              null,
              DegradedReason.CONNECTION,
              DegradedReason.CONNECTION,
              DegradedReason.CONNECTION,
              DegradedReason.CONNECTION,
              DegradedReason.CONNECTION,
              DegradedReason.CIRCUIT_OPEN,
              DegradedReason.CONNECTION,
              DegradedReason.CIRCUIT_OPEN,
              null);
    }
  }

  private static void check(ServiceCaller caller, DegradedReason reason, State after) {
    JsonNode answer = caller.check("default", "watched");
    assertThat(answer.get("degraded").asBoolean()).isEqualTo(reason != null);
    assertAgreed(caller, after);
  }

  private static void await(ServiceCaller caller, State state) {
    Awaitility.await(state.wireName())
        .atMost(RECOVERY_LIMIT)
        .until(() -> status(caller).get("state").asString().equals(state.wireName()));
    assertAgreed(caller, state);
  }

  private static void assertAgreed(ServiceCaller caller, State state) {
    assertThat(status(caller).get("state").asString()).isEqualTo(state.wireName());
    double value =
        switch (state) {
          case CLOSED -> 0;
          case HALF_OPEN -> 1;
          case OPEN -> 2;
        };
    assertThat(caller.get("/metrics"))
        .contains("\nratelimiter_circuit_breaker_state " + value + "\n");
  }

  private static JsonNode status(ServiceCaller caller) {
    return caller.json("/circuit-breaker-status");
  }
}
