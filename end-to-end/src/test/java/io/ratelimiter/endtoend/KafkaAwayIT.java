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
 * Kafka goes under load, and so does the service: what callers were answered, what the topic tells
 * and what the tables sum up is one number, but for what a killed process took with it.
 */
@LocalStack
@Tag("faults")
class KafkaAwayIT {

  private static final int RATE = 2_000;
  private static final long SECOND_NANOS = 1_000_000_000;
  private static final long PARTITIONS = 12;
  private static final int CONNECTIONS = 64;
  private static final Duration LIMIT = Duration.ofSeconds(120);

  /** 10 checks a second of each: the shipped default blocks a good part of them. */
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
  void whatIsDecidedBeforeKafkaComesStandsInItsOwnMinute() {
    product.kafka().stop();
    product.startLimiter();
    product.startAuditor();
    Instant nextMinute = Instant.now().truncatedTo(ChronoUnit.MINUTES).plusSeconds(60);
    OpenLoop load = start();
    awaitUntil(nextMinute.plusSeconds(5));
    assertThat(product.health().get("kafka_available").booleanValue()).isFalse();
    assertThat(product.saidOfKafka())
        .singleElement()
        .asString()
        .contains(" WARN ", "takes no decisions, they are spooled: it does not answer");
    product.kafka().start();
    awaitWhole(Instant.now());
    loads.add(load.stop());

    ThreeBooks books = stopAndRead();

    assertThat(books.byMinute()).hasSizeGreaterThan(1);
    assertNothingIsMissing(books);
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
    assertThat(product.saidOfKafka())
        .satisfiesExactly(
            there -> assertThat(there).contains(" INFO ", "Kafka takes decisions"),
            away -> assertThat(away).contains(" WARN ", "Kafka takes no decisions"),
            back -> assertThat(back).contains(" INFO ", "Kafka takes decisions"));
    assertNothingIsMissing(stopAndRead());
  }

  @Test
  void aKillInAMinuteWithoutKafkaTakesOnlyWhatTheDiskDidNotHave() {
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
    awaitTailIsSaidToBeUnknown();

    ThreeBooks books = stopAndRead();

    Set<String> missing = answers.missing(books.topic().decisions());
    assertThat(missing).hasSizeLessThan(RATE / 2);
    assertTailIsSaidToBeUnknown(books);
    tellWindow(missing, killedAtNanos);
  }

  @Test
  void aKillBeforeKafkaIsKnownToBeAwayTakesWhatWaitedForItsAnswer() {
    Duration unnoticed = Duration.ofMillis(1_500);
    long goneAtNanos = loseKafkaUnderLoad();
    awaitUntil(Instant.now().plus(unnoticed));
    long killedAtNanos = killAndRestartAll();

    ThreeBooks books = stopAndRead();

    Set<String> missing = answers.missing(books.topic().decisions());
    assertThat(missing).isNotEmpty();
    assertThat(goneAtNanos - answers.answeredAt(missing).getMin()).isLessThan(SECOND_NANOS);
    assertTailIsSaidToBeUnknown(books);
    tellWindow(missing, killedAtNanos);
  }

  @Test
  void aKillOnceKafkaIsKnownToBeAwayTakesOnlyWhatTheDiskDidNotHave() {
    loseKafkaUnderLoad();
    await().atMost(LIMIT).until(() -> product.spooled() > 3 * RATE);
    long killedAtNanos = killAndRestartAll();

    ThreeBooks books = stopAndRead();

    Set<String> missing = answers.missing(books.topic().decisions());
    assertThat(missing).hasSizeLessThan(RATE / 2);
    assertTailIsSaidToBeUnknown(books);
    tellWindow(missing, killedAtNanos);
  }

  /** Answers when Kafka went, {@link System#nanoTime}. */
  private long loseKafkaUnderLoad() {
    product.startLimiter();
    product.startAuditor();
    running = start();
    awaitAnswered(5 * RATE);
    product.kafka().kill();
    return System.nanoTime();
  }

  /** Answers when the limiter was gone, {@link System#nanoTime}. */
  private long killAndRestartAll() {
    long killedAtNanos = kill();
    loads.add(running.stop());
    product.kafka().start();
    product.startLimiter();
    awaitWhole(Instant.now());
    awaitTailIsSaidToBeUnknown();
    return killedAtNanos;
  }

  private OpenLoop start() {
    return OpenLoop.start(new OpenLoop.Target(product.port(), CONNECTIONS, CHECKS), RATE, answers);
  }

  private static void awaitUntil(Instant time) {
    await().atMost(LIMIT).until(() -> Instant.now().isAfter(time));
  }

  private void awaitAnswered(int checks) {
    await().atMost(LIMIT).until(() -> answers.size() >= checks);
  }

  /** Answers when that was, {@link System#nanoTime}. */
  private long kill() {
    product.limiter().kill();
    return System.nanoTime();
  }

  private void awaitWhole(Instant since) {
    await().atMost(LIMIT).until(product::tellsAll);
    System.out.printf(
        "whole again %d ms after Kafka was back%n",
        Duration.between(since, Instant.now()).toMillis());
  }

  /** Of every series of the start that was killed; else a stop might come before the last word. */
  private void awaitTailIsSaidToBeUnknown() {
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(
                    product
                        .database()
                        .row("SELECT count(*) FROM audit.series WHERE closed AND unknown_tail"))
                .containsExactly(PARTITIONS));
  }

  private ThreeBooks stopAndRead() {
    loads.forEach(System.out::println);
    assertThat(loads).allSatisfy(load -> assertThat(load.failed()).isZero());
    assertThat(product.limiter().stop()).isTrue();
    ThreeBooks books = ThreeBooks.of(product.topic());
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(ThreeBooks.byMinute(product.database())).isEqualTo(books.byMinute()));
    System.out.printf(
        "%d answered, %d on the topic (%d records more), %d in SQL, %d missing, %d named as lost%n",
        answers.size(),
        books.topic().decisions().size(),
        books.topic().duplicates(),
        ThreeBooks.byMinute(product.database()).values().stream()
            .mapToLong(ThreeBooks.Counts::all)
            .sum(),
        answers.missing(books.topic().decisions()).size(),
        books.topic().lost());
    assertThat(books.numbers()).isEqualTo(books.topic().decisions().size());
    return books;
  }

  private void assertNothingIsMissing(ThreeBooks books) {
    assertThat(books.topic().discrepancies(answers.verdicts(), unanswered())).isEmpty();
    assertThat(books.topic().lost()).isZero();
    assertThat(books.topic().series().values())
        .extracting(SeriesAccount::closing)
        .doesNotContainNull()
        .allSatisfy(closing -> assertThat(closing.unknownTail()).isFalse());
  }

  private long unanswered() {
    return loads.stream().mapToLong(Measured::unanswered).sum();
  }

  /** By the first start alone: the second one stopped in order. */
  private void assertTailIsSaidToBeUnknown(ThreeBooks books) {
    assertThat(books.topic().epochs()).hasSize(2);
    assertThat(books.topic().series().values())
        .extracting(SeriesAccount::closing)
        .doesNotContainNull()
        .filteredOn(closing -> Boolean.TRUE.equals(closing.unknownTail()))
        .hasSize(books.topic().series().size() / 2);
    assertThat(
            product
                .database()
                .row("SELECT count(*) FROM audit.audit_completeness WHERE unknown_tail"))
        .containsExactly(1L);
    // But for what the killed process took with it, all is told as it was answered.
    Set<String> missing = answers.missing(books.topic().decisions());
    assertThat(books.topic().discrepancies(answers.verdicts(), unanswered()))
        .containsExactlyInAnyOrderElementsOf(
            missing.stream().map(id -> "not published: " + id).toList());
  }

  private void tellWindow(Set<String> missing, long killedAtNanos) {
    System.out.printf(
        "missing answered in the last %d ms before the kill had ended%n",
        missing.isEmpty() ? 0 : (killedAtNanos - answers.answeredAt(missing).getMin()) / 1_000_000);
  }
}
