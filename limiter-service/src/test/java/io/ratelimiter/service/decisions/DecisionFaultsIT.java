package io.ratelimiter.service.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.localstack.proxy.TcpProxy;
import io.ratelimiter.schemas.Books;
import io.ratelimiter.schemas.SeriesAccount;
import io.ratelimiter.service.decisions.series.DropReason;
import io.ratelimiter.service.decisions.spool.file.SpoolFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.unit.DataSize;

/** The stream with a Kafka or a disk that fails. */
@LocalStack
class DecisionFaultsIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static KafkaServer kafka;

  @TempDir Path spool;

  @BeforeAll
  static void startKafka(PrivateServers servers, @TempDir Path firstSpool) {
    kafka = servers.kafka();
    DecisionStream first = fixture("first", firstSpool).start();
    await().atMost(LIMIT).until(() -> first.state().kafkaAvailable());
    first.stop();
  }

  private static StreamFixture fixture(String instance, Path spool) {
    return StreamFixture.on(kafka.bootstrapServers(), instance, spool);
  }

  private StreamFixture fixture(TestInfo test) {
    return fixture(test.getTestMethod().orElseThrow().getName(), spool);
  }

  @Test
  void decisionsMadeBeforeKafkaIsAvailableArePublishedOnceItIs(
      TestInfo test, PrivateServers servers) {
    TcpProxy unreachable = unreachable(servers);
    StreamFixture fixture = fixture(test);
    DecisionStream stream = fixture.at("localhost:" + unreachable.port()).start();
    Load load = new Load(stream.publisher()).burst(3_000);
    await().atMost(LIMIT).until(() -> stream.state().spool().events() == 3_000);
    stream.stop();

    DecisionStream next = fixture.start();
    await()
        .atMost(LIMIT)
        .until(() -> next.state().spool().events() == 0 && next.state().recovered() == 3_000);
    next.stop();

    Books books = fixture.books();
    assertThat(books.discrepancies(load.answered(), 0)).isEmpty();
    assertThat(books.lost()).isZero();
    assertThat(books.epochs()).hasSize(2);
    assertThat(books.series().values())
        .extracting(SeriesAccount::closing)
        .doesNotContainNull()
        .allSatisfy(closing -> assertThat(closing.unknownTail()).isFalse());
    assertBalanced(next);
  }

  @Test
  void aKafkaThatPausesRepeatedlyDelaysNoCallerAndMissesNothing(TestInfo test) {
    StreamFixture fixture = fixture(test);
    DecisionStream stream = fixture.start();
    await().atMost(LIMIT).until(() -> stream.state().kafkaAvailable());
    Load up = new Load(stream.publisher()).run(2_000, Duration.ofSeconds(1));
    Load first = throughAPause(stream, Duration.ofSeconds(3));
    // Shorter, so that it leaves less in the spool than the one before.
    Load second = throughAPause(stream, Duration.ofSeconds(2));
    Load after = new Load(stream.publisher()).run(2_000, Duration.ofSeconds(1));
    stream.stop();

    System.out.printf("up: %s%npaused: %s%nagain: %s%nafter: %s%n", up, first, second, after);
    assertThat(first.quantileMicros(0.99)).isLessThan(10_000);
    assertThat(second.quantileMicros(0.99)).isLessThan(10_000);
    Books books = fixture.books();
    up.answered().putAll(first.answered());
    up.answered().putAll(second.answered());
    up.answered().putAll(after.answered());
    assertThat(books.discrepancies(up.answered(), 0)).isEmpty();
    assertThat(books.lost()).isZero();
    assertThat(stream.state().issued()).isEqualTo(14_000);
    assertBalanced(stream);
  }

  private static Load throughAPause(DecisionStream stream, Duration time) {
    kafka.pause();
    Load paused = new Load(stream.publisher()).run(2_000, time);
    kafka.resume();
    await()
        .atMost(LIMIT)
        .until(() -> stream.state().kafkaAvailable() && stream.state().spool().events() == 0);
    return paused;
  }

  @Test
  void aFullSpoolKeepsTheOldestAndCountsWhatItDropped(TestInfo test, PrivateServers servers) {
    StreamFixture fixture = fixture(test).with(DataSize.ofMegabytes(8));
    DecisionStream away = fixture.at("localhost:" + unreachable(servers).port()).start();
    Load load = new Load(away.publisher()).burst(8_000);
    await().atMost(LIMIT).until(() -> away.state().inFlight() == 0);
    long spooled = away.state().spool().events();
    long dropped = away.state().dropped().get(DropReason.SPOOL_FULL);
    assertBalanced(away);
    assertThat(spooled).isBetween(2_500L, 5_000L);
    assertThat(away.state().spool().bytes()).isLessThanOrEqualTo(DataSize.ofMegabytes(8).toBytes());
    away.stop();

    DecisionStream next = fixture.start();
    await()
        .atMost(LIMIT)
        .until(() -> next.state().recovered() == spooled && next.state().spool().events() == 0);
    next.stop();
    Books books = fixture.books();
    assertThat(books.decisions()).hasSize((int) spooled);
    assertThat(load.answered().keySet()).containsAll(books.decisions());
    assertThat(books.lost()).isZero();
    assertThat(books.series().values().stream().mapToLong(SeriesAccount::settledDropped).sum())
        .isEqualTo(dropped)
        .isEqualTo(8_000 - spooled);
  }

  @Test
  void withTheWrongNumberOfPartitionsNothingIsPublishedAndTheRightOneRenumbers(TestInfo test) {
    StreamFixture fixture = fixture(test);
    DecisionStream wrong = fixture.start(5);
    await().atMost(LIMIT).until(() -> "wrong_partitions".equals(wrong.state().kafkaFault()));
    Load load = new Load(wrong.publisher()).burst(500);
    await().atMost(LIMIT).until(() -> wrong.state().spool().events() == 500);
    wrong.stop();
    assertThat(fixture.books().series()).isEmpty();

    DecisionStream right = fixture.start();
    await()
        .atMost(LIMIT)
        .until(() -> right.state().acked() == 500 && right.state().spool().events() == 0);
    assertBalanced(right);
    right.stop();
    Books books = fixture.books();
    assertThat(books.discrepancies(load.answered(), 0)).isEmpty();
    assertThat(books.epochs()).hasSize(1);
    assertThat(books.lost()).isZero();
  }

  @Test
  void aRecordThatKafkaRefusesIsDroppedAndCounted(TestInfo test) {
    StreamFixture fixture = fixture(test).with(Map.of("max.request.size", "1300"));
    DecisionStream stream = fixture.start();
    await().atMost(LIMIT).until(() -> stream.state().kafkaAvailable());
    stream.publisher().publish(Samples.blocked("large"));
    stream.publisher().publish(Samples.withoutRule("small"));
    await().atMost(LIMIT).until(() -> stream.state().inFlight() == 0);
    stream.stop();

    assertThat(stream.state().dropped().get(DropReason.REFUSED)).isEqualTo(1);
    assertThat(stream.state().acked()).isEqualTo(1);
    Books books = fixture.books();
    assertThat(books.lost()).isZero();
    assertThat(books.series().values().stream().mapToLong(SeriesAccount::settledDropped).sum())
        .isEqualTo(1);
    assertBalanced(stream);
  }

  @Test
  void aTinyBufferSendsTheRestThroughTheSpool(TestInfo test) {
    StreamFixture fixture =
        fixture(test).with(Map.of("buffer.memory", "40000", "batch.size", "16384"));
    DecisionStream stream = fixture.start();
    await().atMost(LIMIT).until(() -> stream.state().kafkaAvailable());
    Load load = new Load(stream.publisher()).burst(1_000);
    await().atMost(LIMIT).until(() -> stream.state().acked() == 1_000);
    stream.stop();

    Books books = fixture.books();
    assertThat(books.discrepancies(load.answered(), 0)).isEmpty();
    assertThat(books.series().values())
        .extracting(SeriesAccount::closing)
        .doesNotContainNull()
        .allSatisfy(ledger -> assertThat(ledger.acked()).isEqualTo(ledger.issued()));
    assertBalanced(stream);
  }

  @Test
  void aFolderOfAnotherProcessIsRefused(TestInfo test) {
    DecisionStream stream = fixture(test).start();

    assertThatThrownBy(() -> fixture(test).start())
        .isInstanceOf(SpoolFolder.SpoolFolderInUseException.class)
        .hasMessageContaining("SPOOL_DIR " + spool);
    stream.stop();
    fixture(test).start().stop();
  }

  @Test
  void withoutAKafkaEveryDecisionIsSpooled(TestInfo test) {
    DecisionStream stream = fixture(test).at("").start();
    new Load(stream.publisher()).burst(100);
    await().atMost(LIMIT).until(() -> stream.state().spool().events() == 100);
    assertThat(stream.state().kafkaFault()).isEqualTo("not_configured");
    await().atMost(LIMIT).until(() -> stream.state().spool().oldestAge().isPositive());
    stream.stop();
    assertBalanced(stream);
  }

  @Test
  void aRemovedSpoolFolderIsRecreatedAndNothingIsMissed(TestInfo test, PrivateServers servers)
      throws Exception {
    TcpProxy unreachable = unreachable(servers);
    StreamFixture fixture = fixture(test);
    DecisionStream stream = fixture.at("localhost:" + unreachable.port()).start();
    Load load = new Load(stream.publisher()).burst(1_000);
    await().atMost(LIMIT).until(() -> stream.state().spool().events() == 1_000);

    FileSystemUtils.deleteRecursively(spool);
    load.burst(500);
    await()
        .atMost(LIMIT)
        .until(() -> stream.state().spool().events() == 1_500 && stream.state().spool().usable());
    assertThatThrownBy(() -> SpoolFolder.lock(spool))
        .isInstanceOf(SpoolFolder.SpoolFolderInUseException.class);
    unreachable.resume();
    await().atMost(LIMIT).until(() -> stream.state().spool().events() == 0);
    stream.stop();

    Books books = fixture.books();
    assertThat(books.discrepancies(load.answered(), 0)).isEmpty();
    assertThat(books.lost()).isZero();
    assertBalanced(stream);
  }

  private static TcpProxy unreachable(PrivateServers servers) {
    TcpProxy proxy = servers.proxy(kafka.port());
    proxy.cut();
    return proxy;
  }

  private static void assertBalanced(DecisionStream stream) {
    long dropped = stream.state().dropped().values().stream().mapToLong(Long::longValue).sum();
    assertThat(stream.state().acked() + stream.state().spool().events() + dropped)
        .isEqualTo(stream.state().issued() + stream.state().recovered());
    assertThat(stream.state().inFlight()).isZero();
  }
}
