package io.ratelimiter.service.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisBinary;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.RedisFrom;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Threads;
import io.ratelimiter.service.limiter.proof.Bounds;
import io.ratelimiter.service.limiter.proof.Recorder;
import io.ratelimiter.service.limiter.proof.Report;
import io.ratelimiter.service.limiter.proof.Witness;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Concurrent checks of all priorities, and waiting ones, on Redis's own clock. */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpendingIT {

  private static final int CONNECTIONS = 8;
  private static final int THREADS = 48;
  private static final int CAPACITY = 1_000;
  private static final long SEED = 26L;
  private static final Priority[] PRIORITIES = Priority.values();

  private final List<RedisUnderTest> connections = new ArrayList<>();

  SpendingIT(@RedisFrom(RedisBinary.BUNDLED) RedisServer server) {
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(new RedisUnderTest(server));
    }
  }

  @AfterAll
  void close() {
    connections.forEach(RedisUnderTest::close);
  }

  private RedisUnderTest connection(int thread) {
    return connections.get(thread % CONNECTIONS);
  }

  private static Check of(String client, Priority priority, long maxWaitMillis) {
    return new Check("spending", client, "key", 1)
        .with(new CheckOptions(priority, maxWaitMillis, 0, null));
  }

  /** No unit comes back within the run, so the units in use are those that were charged. */
  @ParameterizedTest
  @EnumSource
  void noPriorityUsesReservedUnitsAndHighIsBlockedOnlyWhenAllUnitsAreUsed(Algorithm algorithm)
      throws Exception {
    Rule rule =
        RuleBuilder.rule(1, "*", "*")
            .policy(Rules.policy(algorithm, CAPACITY, Policy.MAX_WINDOW_SECONDS))
            .reserve(2_000, 5_000)
            .limit();
    Match match = new Match(List.of(rule), 1);
    Recorder recorder = new Recorder();

    Threads.sum(
        THREADS,
        thread -> {
          for (int i = 0; i < 45; i++) {
            Check check = of(algorithm.code(), PRIORITIES[(thread + i) % 3], 0);
            recorder.record(check, connection(thread).checkNow(check, match));
          }
          return 0;
        });

    List<DecisionEvent> events = inOrder(recorder);
    assertThat(events).extracting(event -> event.spending().priority()).contains("high", "low");
    long used = 0;
    for (DecisionEvent event : events) {
      long available = CAPACITY - event.limits().getFirst().terms().reserve() - used;
      assertThat(event.allowed()).as("%s with %d left", event, available).isEqualTo(available > 0);
      used += event.allowed() ? 1 : 0;
    }
    assertThat(used).isGreaterThanOrEqualTo(CAPACITY * 8 / 10);
    assertHolds(recorder);
  }

  /** In the order of the key's own time; at the same time a block comes before the charge. */
  private static List<DecisionEvent> inOrder(Recorder recorder) {
    List<DecisionEvent> events = new ArrayList<>(recorder.decisions());
    events.sort(
        Comparator.comparingLong(
                (DecisionEvent event) -> event.limits().getFirst().verdict().atMicros())
            .thenComparing(DecisionEvent::allowed));
    return events;
  }

  /** 200 units a second come back, and far more are requested. */
  @Test
  void concurrentWaitingChecksGetTheWaitsOfTheModel() throws Exception {
    Policy bucket = new Policy.TokenBucket(200, 1, 50);
    Rule rule =
        RuleBuilder.rule(2, "*", "*").policy(bucket).reserve(2_000, 5_000).maxWait(100).limit();
    Match match = new Match(List.of(rule), 1);
    Recorder recorder = new Recorder();

    Threads.sum(
        CONNECTIONS,
        thread -> {
          Random random = new Random(SEED + thread);
          for (int i = 0; i < 400; i++) {
            Check check = of("waiting", PRIORITIES[random.nextInt(3)], random.nextInt(3) * 40);
            recorder.record(check, connection(thread).checkNow(check, match));
          }
          return 0;
        });

    assertHolds(recorder);
    assertThat(Witness.judge(recorder.log()).judgedOf("waits")).isPositive();
  }

  private static void assertHolds(Recorder recorder) {
    for (Report report : List.of(Bounds.judge(recorder.log()), Witness.judge(recorder.log()))) {
      assertThat(report.holds()).as(report.text()).isTrue();
      assertThat(report.judgedOf("keys")).isEqualTo(1);
    }
  }
}
