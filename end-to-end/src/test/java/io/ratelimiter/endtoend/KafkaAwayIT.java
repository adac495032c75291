package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.load.http.Measured;
import io.ratelimiter.load.http.OpenLoop;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.schemas.SeriesAccount;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kafka and the limiter fail under load: the numbers of answers, of decisions on the topic and in
 * the tables are equal, except for decisions lost with a killed process.
 */
@LocalStack
@Tag("faults")
class KafkaAwayIT {

  private static final int RATE = 2_000;
  private static final long SECOND_NANOS = 1_000_000_000;
  private static final long PARTITIONS = 12;
  private static final int CONNECTIONS = 64;
  private static final Duration LIMIT = Duration.ofSeconds(120);

  /** 10 checks a second per client, of which the shipped default blocks a large part. */
  private static final Checks CHECKS = new Checks(RATE / 10);

  @TempDir Path folder;

  private final ClientLog answers = new ClientLog();
  private final List<Measured> loads = new ArrayList<>();
  private Deployment product;
  private OpenLoop running;

  @BeforeEach
  void startServers(PrivateServers servers) {
    product = Deployment.on(servers, folder);
  }

  @Test
  void decisionsMadeBeforeKafkaStartsCountInTheirOwnMinute() {
    product.kafka().stop();
    product.startLimiter();
    product.startAuditor();
    Instant nextMinute = Instant.now().truncatedTo(ChronoUnit.MINUTES).plusSeconds(60);
    OpenLoop load = start();
    awaitUntil(nextMinute.plusSeconds(5));
    assertThat(product.health().get("kafka_available").booleanValue()).isFalse();
    assertThat(product.kafkaLog())
        .singleElement()
        .asString()
        .contains(" WARN ", "accepts no decisions, they are spooled: it does not answer");
    product.kafka().start();
    awaitWhole(Instant.now());
    loads.add(load.stop());

    TopicReconciliation reconciliation = stopAndRead();

    assertThat(reconciliation.byMinute()).hasSizeGreaterThan(1);
    assertNothingIsMissing(reconciliation);
  }

  @Test
  void tenSecondsWithoutKafkaLoseNothing() {
    product.startLimiter();
    product.startAuditor();
    OpenLoop load = start();
    awaitAnswered(5 * RATE);
    product.kafka().kill();
    awaitUntil(Instant.now().plusSeconds(10));
    long spooled = product.spooled();
    product.kafka().start();
    awaitWhole(Instant.now());
    loads.add(load.stop());

    assertThat(spooled).isPositive();
    assertThat(product.kafkaLog())
        .satisfiesExactly(
            there -> assertThat(there).contains(" INFO ", "Kafka accepts decisions"),
            away -> assertThat(away).contains(" WARN ", "Kafka accepts no decisions"),
            back -> assertThat(back).contains(" INFO ", "Kafka accepts decisions"));
    assertNothingIsMissing(stopAndRead());
  }

  @Test
  void aKillDuringAMinuteWithoutKafkaLosesOnlyWhatWasNotOnDisk() {
    product.startLimiter();
    product.startAuditor();
    OpenLoop load = start();
    awaitAnswered(5 * RATE);
    product.kafka().kill();
    Instant gone = Instant.now();
    awaitUntil(gone.plusSeconds(30));
    long killedAtNanos = kill();
    loads.add(load.stop());
    product.startLimiter();
    load = start();
    awaitUntil(gone.plusSeconds(60));
    product.kafka().start();
    awaitWhole(Instant.now());
    loads.add(load.stop());
    awaitUnknownTailReported();

    TopicReconciliation reconciliation = stopAndRead();

    Set<String> missing = answers.missing(reconciliation.topic().decisions());
    assertThat(missing).hasSizeLessThan(RATE / 2);
    assertUnknownTailReported(reconciliation);
    printWindow(missing, killedAtNanos);
  }

  @Test
  void aKillBeforeTheOutageIsDetectedLosesUnconfirmedDecisions() {
    Duration unnoticed = Duration.ofMillis(1_500);
    long goneAtNanos = loseKafkaUnderLoad();
    awaitUntil(Instant.now().plus(unnoticed));
    long killedAtNanos = killAndRestartAll();

    TopicReconciliation reconciliation = stopAndRead();

    Set<String> missing = answers.missing(reconciliation.topic().decisions());
    assertThat(missing).isNotEmpty();
    assertThat(goneAtNanos - answers.answeredAt(missing).getMin()).isLessThan(SECOND_NANOS);
    assertUnknownTailReported(reconciliation);
    printWindow(missing, killedAtNanos);
  }

  @Test
  void aKillAfterTheOutageIsDetectedLosesOnlyWhatWasNotOnDisk() {
    loseKafkaUnderLoad();
    await().atMost(LIMIT).until(() -> product.spooled() > 3 * RATE);
    long killedAtNanos = killAndRestartAll();

    TopicReconciliation reconciliation = stopAndRead();

    Set<String> missing = answers.missing(reconciliation.topic().decisions());
    assertThat(missing).hasSizeLessThan(RATE / 2);
    assertUnknownTailReported(reconciliation);
    printWindow(missing, killedAtNanos);
  }

  /** Returns when Kafka was killed, {@link System#nanoTime}. */
  private long loseKafkaUnderLoad() {
    product.startLimiter();
    product.startAuditor();
    running = start();
    awaitAnswered(5 * RATE);
    product.kafka().kill();
    return System.nanoTime();
  }

  /** Returns when the limiter was killed, {@link System#nanoTime}. */
  private long killAndRestartAll() {
    long killedAtNanos = kill();
    loads.add(running.stop());
    product.kafka().start();
    product.startLimiter();
    awaitWhole(Instant.now());
    awaitUnknownTailReported();
    return killedAtNanos;
  }

  private OpenLoop start() {
    return OpenLoop.start(new OpenLoop.Load(product.port(), CONNECTIONS, CHECKS), RATE, answers);
  }

  private static void awaitUntil(Instant time) {
    await().atMost(LIMIT).until(() -> Instant.now().isAfter(time));
  }

  private void awaitAnswered(int checks) {
    await().atMost(LIMIT).until(() -> answers.size() >= checks);
  }

  /** Returns when the limiter was killed, {@link System#nanoTime}. */
  private long kill() {
    product.limiter().kill();
    return System.nanoTime();
  }

  private void awaitWhole(Instant since) {
    await().atMost(LIMIT).until(product::publishesAll);
    System.out.printf(
        "all published %d ms after Kafka's restart%n",
        Duration.between(since, Instant.now()).toMillis());
  }

  /** Waits for every series of the killed start, so that the limiter does not stop earlier. */
  private void awaitUnknownTailReported() {
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(
                    product
                        .database()
                        .row("SELECT count(*) FROM audit.series WHERE closed AND unknown_tail"))
                .containsExactly(PARTITIONS));
  }

  private TopicReconciliation stopAndRead() {
    loads.forEach(System.out::println);
    assertThat(loads).allSatisfy(load -> assertThat(load.failed()).isZero());
    assertThat(product.limiter().stop()).isTrue();
    TopicReconciliation reconciliation = TopicReconciliation.of(product.topic());
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(() ->
            assertThat(TopicReconciliation.byMinute(product.database()))
                .isEqualTo(reconciliation.byMinute()));
    System.out.printf(
        "%d answered, %d on the topic (%d records more), %d in SQL, %d missing, %d reported as lost%n",
        answers.size(),
        reconciliation.topic().decisions().size(),
        reconciliation.topic().duplicates(),
        TopicReconciliation.byMinute(product.database()).values().stream()
            .mapToLong(TopicReconciliation.Counts::all)
            .sum(),
        answers.missing(reconciliation.topic().decisions()).size(),
        reconciliation.topic().lost());
    assertThat(reconciliation.numbers()).isEqualTo(reconciliation.topic().decisions().size());
    return reconciliation;
  }

  private void assertNothingIsMissing(TopicReconciliation reconciliation) {
    assertThat(reconciliation.topic().discrepancies(answers.verdicts(), unanswered())).isEmpty();
    assertThat(reconciliation.topic().lost()).isZero();
    assertThat(reconciliation.topic().series().values())
        .extracting(SeriesAccount::closing)
        .doesNotContainNull()
        .allSatisfy(closing -> assertThat(closing.unknownTail()).isFalse());
  }

  private long unanswered() {
    return loads.stream().mapToLong(Measured::unanswered).sum();
  }

  /** Only by the first start: the second one stopped in order. */
  private void assertUnknownTailReported(TopicReconciliation reconciliation) {
    assertThat(reconciliation.topic().epochs()).hasSize(2);
    assertThat(reconciliation.topic().series().values())
        .extracting(SeriesAccount::closing)
        .doesNotContainNull()
        .filteredOn(closing -> Boolean.TRUE.equals(closing.unknownTail()))
        .hasSize(reconciliation.topic().series().size() / 2);
    assertThat(
            product
                .database()
                .row("SELECT count(*) FROM audit.audit_completeness WHERE unknown_tail"))
        .containsExactly(1L);
    // All other decisions are published as they were answered.
    Set<String> missing = answers.missing(reconciliation.topic().decisions());
    assertThat(reconciliation.topic().discrepancies(answers.verdicts(), unanswered()))
        .containsExactlyInAnyOrderElementsOf(
            missing.stream().map(id -> "not published: " + id).toList());
  }

  private void printWindow(Set<String> missing, long killedAtNanos) {
    System.out.printf(
        "missing decisions were answered in the last %d ms before the kill%n",
        missing.isEmpty() ? 0 : (killedAtNanos - answers.answeredAt(missing).getMin()) / 1_000_000);
  }
}
