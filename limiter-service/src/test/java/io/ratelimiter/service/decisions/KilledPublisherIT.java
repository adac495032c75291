package io.ratelimiter.service.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.localstack.proxy.TcpProxy;
import io.ratelimiter.schemas.Books;
import io.ratelimiter.schemas.SeriesAccount;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A killed publisher loses only what was in flight, and the topic shows the loss. */
@LocalStack
class KilledPublisherIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int RATE = 2_000;

  @TempDir Path spool;

  @Test
  void killedWithKafkaAvailableItLosesOnlyWhatWasInFlight(PrivateServers servers) throws Exception {
    KafkaServer kafka = servers.kafka();
    StreamFixture fixture = StreamFixture.on(kafka.bootstrapServers(), "killed", spool);
    Map<String, Boolean> answered;
    try (PublishingProcess process = PublishingProcess.start(fixture, RATE)) {
      await().atMost(LIMIT).until(() -> process.published() >= 3 * RATE);
      answered = process.kill();
    }
    Books books = restartAndRead(fixture);

    assertLossIsCounted(books, answered, RATE / 2);
  }

  @Test
  @Tag("faults")
  void killedDuringAMinuteWithoutKafkaItLosesOnlyWhatWasNotOnDisk(PrivateServers servers)
      throws Exception {
    KafkaServer kafka = servers.kafka();
    StreamFixture fixture = StreamFixture.on(kafka.bootstrapServers(), "killed", spool);
    Map<String, Boolean> answered = new TreeMap<>();
    Instant begin;
    try (PublishingProcess first = PublishingProcess.start(fixture, RATE)) {
      await().atMost(LIMIT).until(() -> first.published() >= 5 * RATE);
      kafka.kill();
      begin = Instant.now();
      await().atMost(LIMIT).until(() -> Instant.now().isAfter(begin.plusSeconds(30)));
      answered.putAll(first.kill());
    }
    int beforeTheKill = answered.size();
    try (PublishingProcess second = PublishingProcess.start(fixture, RATE)) {
      await().atMost(LIMIT).until(() -> Instant.now().isAfter(begin.plusSeconds(60)));
      kafka.start();
      int then = second.published();
      await().atMost(LIMIT).until(() -> second.published() >= then + 15 * RATE);
      answered.putAll(second.kill());
    }
    System.out.printf("%d answered, %d of them before the kill%n", answered.size(), beforeTheKill);
    Books books = restartAndRead(fixture);

    assertThat(books.epochs()).hasSize(3);
    assertLossIsCounted(books, answered, RATE / 2);
  }

  @Test
  void onAFullDiskWrittenEventsAreKeptAndTheRestIsCounted(PrivateServers servers) throws Exception {
    TcpProxy unreachable = servers.proxy(1);
    StreamFixture away = StreamFixture.on("localhost:" + unreachable.port(), "full-disk", spool);
    Map<String, Boolean> answered;
    long spooled;
    try (PublishingProcess process = PublishingProcess.startOnFullDisk(away, RATE, 2_048)) {
      await().atMost(LIMIT).until(() -> process.books().matches("failed=[1-9]\\d{3,} .*"));
      answered = process.kill();
      spooled = Long.parseLong(process.books().replaceFirst(".*spooled=", ""));
    }
    assertThat(spooled).isGreaterThan(500);

    KafkaServer kafka = servers.kafka();
    Books books = restartAndRead(away.at(kafka.bootstrapServers()));
    assertThat(books.decisions()).hasSizeGreaterThanOrEqualTo((int) spooled);
    assertThat(answered.size()).isGreaterThan(books.decisions().size());
    // The last decisions may be published without their ids having been read here.
    assertThat(books.decisions().stream().filter(id -> !answered.containsKey(id)).count())
        .isLessThan(RATE);
  }

  @Test
  @Tag("full") // needs a machine that allows a user namespace
  void aFullVolumeIsEmptiedOnceKafkaIsBack(PrivateServers servers) throws Exception {
    KafkaServer kafka = servers.kafka();
    TcpProxy proxy = servers.proxy(kafka.port());
    proxy.cut();
    StreamFixture fixture = StreamFixture.on(kafka.bootstrapServers(), "full-volume", spool);
    StreamFixture away = fixture.at("localhost:" + proxy.port());
    Map<String, Boolean> answered;
    try (PublishingProcess process = PublishingProcess.startOnSmallVolume(away, RATE, 12)) {
      await().atMost(LIMIT).until(() -> process.books().matches("failed=[1-9]\\d{2,} .*"));
      assertThat(process.books()).doesNotContain("spooled=0");
      fill(process.inside(spool).resolve("of-another"));
      proxy.resume();
      await().atMost(LIMIT).until(() -> process.books().endsWith("spooled=0"));
      answered = process.kill();
    }
    Books books = fixture.books();
    assertThat(books.decisions()).hasSizeGreaterThan(1_000);
    assertThat(answered.size()).isGreaterThan(books.decisions().size());
  }

  /** Fills the volume completely. */
  private static void fill(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      for (byte[] bytes = new byte[4096]; ; ) {
        out.write(bytes);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private static Books restartAndRead(StreamFixture fixture) {
    DecisionStream next = fixture.start();
    await()
        .atMost(LIMIT)
        .until(() ->
            next.state().kafkaAvailable()
                && next.state().spool().events() == 0
                && next.state().openPastEpochs() == 0);
    next.stop();
    return fixture.books();
  }

  private static void assertLossIsCounted(Books books, Map<String, Boolean> answered, long max) {
    Set<String> published = books.decisions();
    long missing = answered.keySet().stream().filter(id -> !published.contains(id)).count();
    System.out.printf(
        "%d answered, %d published, %d twice, %d missing, %d counted as lost%n",
        answered.size(), books.decisions().size(), books.duplicates(), missing, books.lost());
    assertThat(missing).isLessThanOrEqualTo(max);
    assertThat(books.series().values()).extracting(SeriesAccount::closing).doesNotContainNull();
    // Numbers issued after the last ledger are not counted; the unknown tail shows that they may
    // exist.
    assertThat(books.series().values())
        .filteredOn(account -> Boolean.TRUE.equals(account.closing().unknownTail()))
        .hasSizeGreaterThanOrEqualTo(StreamFixture.PARTITIONS);
    assertThat(books.lost()).isLessThanOrEqualTo(missing + max);
  }
}
