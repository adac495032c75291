package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.load.http.Measured;
import io.ratelimiter.load.http.OpenLoop;
import io.ratelimiter.load.stack.Memory;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Latency of checks in an open loop while Kafka runs, is killed, and is paused, in turn. Times are
 * reported but not asserted, because they depend on the machine. Asserts that every decision is
 * published once.
 */
@LocalStack
@Tag("faults")
class KafkaLatencyReportIT {

  private static final Path REPORT = Path.of("target", "kafka-latency-report.md");
  private static final int RATE = 2_000;
  private static final int ROUNDS = Integer.getInteger("kafka-latency.rounds", 5);
  private static final Duration RUN =
      Duration.ofSeconds(Integer.getInteger("kafka-latency.seconds", 10));
  private static final Duration WARM_UP =
      Duration.ofSeconds(Integer.getInteger("kafka-latency.warm-up-seconds", 100));
  private static final Duration LIMIT = Duration.ofSeconds(120);

  /** 6 checks a minute per client: all are allowed, so that each one calls Redis. */
  private static final Checks CHECKS = new Checks(20_000);

  @TempDir Path folder;

  private final ClientLog answers = new ClientLog();
  private final List<Measured> all = new ArrayList<>();
  private final Map<State, List<Measured>> runs = new EnumMap<>(State.class);
  private final List<Double> heaps = new ArrayList<>();
  private Deployment product;
  private Memory memory;

  private enum State {
    UP,
    DOWN,
    PAUSED
  }

  @Test
  void checksTakeAsLongWithoutKafkaAsWithIt(PrivateServers servers) throws IOException {
    product = Deployment.on(servers, folder);
    product.startLimiter();
    memory = new Memory(product.limiter().pid());
    awaitAllPublished();
    load(WARM_UP);
    for (int round = 0; round < ROUNDS; round++) {
      for (State state : State.values()) {
        measure(state);
      }
    }
    assertThat(product.limiter().stop()).isTrue();

    write();
    assertAllCountsAgree();
  }

  private Measured load(Duration time) {
    Measured measured =
        OpenLoop.run(new OpenLoop.Load(product.port(), 64, CHECKS), RATE, time, answers);
    all.add(measured);
    return measured;
  }

  /** Kafka fails at the start of the run, so that the figures include the failure itself. */
  private void measure(State state) {
    switch (state) {
      case UP -> {}
      case DOWN -> product.kafka().kill();
      case PAUSED -> product.kafka().pause();
    }
    Measured measured = load(RUN);
    heaps.add(memory.heapAfterCollectionMebibytes());
    System.out.printf("%s: %s, heap %.1f MiB%n", state, measured, heaps.getLast());
    runs.computeIfAbsent(state, _ -> new ArrayList<>()).add(measured);
    switch (state) {
      case UP -> {}
      case DOWN -> product.kafka().start();
      case PAUSED -> product.kafka().resume();
    }
    awaitAllPublished();
  }

  private void awaitAllPublished() {
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(product.publishesAll())
                .as("%s%n%s", product.health(), product.kafkaLog())
                .isTrue());
  }

  private void write() throws IOException {
    StringJoiner report = new StringJoiner("\n", "", "\n");
    report.add("# Checks while Kafka is up, killed and paused\n");
    report.add(
        "Open loop at %d checks/s, %d s each, by turns; milliseconds.\n"
            .formatted(RATE, RUN.toSeconds()));
    report.add("| Kafka | p99 of each run | median | ratio | p50, median | p99.9, median |");
    report.add("|---|---|---|---|---|---|");
    for (State state : State.values()) {
      report.add(line(state));
    }
    report.add("\nHeap in use after a collection, each run, MiB: " + heaps);
    Files.writeString(REPORT, report.toString());
    System.out.println(report);
  }

  private String line(State state) {
    return "| %s | %s | %.2f | %.2f | %.2f | %.2f |"
        .formatted(
            state,
            runs.get(state).stream()
                .map(run -> "%.2f".formatted(run.quantileMillis(0.99)))
                .toList(),
            median(state, 0.99),
            median(state, 0.99) / median(State.UP, 0.99),
            median(state, 0.5),
            median(state, 0.999));
  }

  private double median(State state, double quantile) {
    List<Double> sorted =
        runs.get(state).stream().map(run -> run.quantileMillis(quantile)).sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private void assertAllCountsAgree() {
    assertThat(all)
        .allSatisfy(load -> {
          assertThat(load.failed()).isZero();
          assertThat(load.unanswered()).isZero();
          assertThat(load.refused()).isZero();
        });
    product.startAuditor();
    TopicReconciliation reconciliation = TopicReconciliation.of(product.topic());
    assertThat(reconciliation.topic().discrepancies(answers.verdicts(), 0)).isEmpty();
    assertThat(reconciliation.topic().lost()).isZero();
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(() ->
            assertThat(TopicReconciliation.byMinute(product.database()))
                .isEqualTo(reconciliation.byMinute()));
  }
}
