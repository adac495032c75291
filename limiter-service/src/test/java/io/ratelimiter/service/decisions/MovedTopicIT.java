package io.ratelimiter.service.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.localstack.proxy.TcpProxy;
import io.ratelimiter.schemas.Books;
import io.ratelimiter.schemas.SeriesAccount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The publisher starts with another topic, of another number of partitions. */
@LocalStack
class MovedTopicIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int MORE_PARTITIONS = 5;

  private static KafkaServer kafka;

  @TempDir Path spool;

  @BeforeAll
  static void startKafka(PrivateServers servers) {
    kafka = servers.kafka();
  }

  private StreamFixture old(TestInfo test) {
    String name = test.getTestMethod().orElseThrow().getName();
    return StreamFixture.on(kafka.bootstrapServers(), "node", spool).onTopic(name + ".old");
  }

  private static StreamFixture moved(StreamFixture old) {
    return old.onTopic(old.topic().replace(".old", ".new"));
  }

  @Test
  void everyDecisionIsOnTheTopicForWhichItWasNumbered(TestInfo test) throws Exception {
    StreamFixture old = old(test);
    Load before = spoolAfterPublishing(old);
    DecisionStream stream = startedAndDrained(moved(old));
    Load after = new Load(stream.publisher()).burst(400);
    stream.stop();

    assertComplete(old.books(), before);
    assertComplete(moved(old).books(), after);
    assertThat(partitions(old.topic())).isEqualTo(StreamFixture.PARTITIONS);
    assertThat(partitions(moved(old).topic())).isEqualTo(MORE_PARTITIONS);
  }

  @Test
  void anOldTopicThatWasDeletedIsCreatedForTheSpooledDecisions(TestInfo test) throws Exception {
    StreamFixture old = old(test);
    Load before = spoolAfterPublishing(old);
    try (Admin admin = admin()) {
      admin.deleteTopics(List.of(old.topic())).all().get();
    }
    startedAndDrained(moved(old)).stop();

    Books books = old.books();
    assertThat(books.decisions()).hasSizeBetween(1_000, before.answered().size());
    assertThat(before.answered().keySet()).containsAll(books.decisions());
    assertThat(partitions(old.topic())).isEqualTo(StreamFixture.PARTITIONS);
  }

  @Test
  void whatWasNeverPublishedIsRenumberedForTheNewTopic(TestInfo test, PrivateServers servers)
      throws Exception {
    TcpProxy unreachable = servers.proxy(kafka.port());
    unreachable.cut();
    StreamFixture old = old(test);
    DecisionStream away = old.at("localhost:" + unreachable.port()).start();
    Load load = new Load(away.publisher()).burst(500);
    await().atMost(LIMIT).until(() -> away.state().spool().events() == 500);
    away.stop();
    startedAndDrained(moved(old)).stop();

    assertComplete(moved(old).books(), load);
    try (Admin admin = admin()) {
      assertThat(admin.listTopics().names().get()).doesNotContain(old.topic());
    }
  }

  /** Publishes some decisions, and stops with others in the spool. */
  private static Load spoolAfterPublishing(StreamFixture fixture) {
    DecisionStream stream = fixture.start();
    await().atMost(LIMIT).until(() -> stream.state().kafkaAvailable());
    Load load = new Load(stream.publisher()).burst(300);
    await().atMost(LIMIT).until(() -> stream.state().acked() == 300);
    kafka.pause();
    load.burst(1_000);
    await().atMost(LIMIT).until(() -> stream.state().spool().events() == 1_000);
    stream.stop();
    kafka.resume();
    return load;
  }

  private static DecisionStream startedAndDrained(StreamFixture fixture) {
    DecisionStream stream = fixture.start(MORE_PARTITIONS);
    await()
        .atMost(LIMIT)
        .until(() ->
            stream.state().kafkaAvailable()
                && stream.state().spool().events() == 0
                && stream.state().openPastEpochs() == 0);
    assertThat(stream.state().earlierTopics()).isEmpty();
    return stream;
  }

  private static void assertComplete(Books books, Load load) {
    assertThat(books.discrepancies(load.answered(), 0)).isEmpty();
    assertThat(books.lost()).isZero();
    assertThat(books.epochs()).hasSize(1);
    assertThat(books.series().values())
        .extracting(SeriesAccount::closing)
        .doesNotContainNull()
        .allSatisfy(closing -> assertThat(closing.unknownTail()).isFalse());
  }

  private static int partitions(String topic) throws Exception {
    try (Admin admin = admin()) {
      return admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get()
          .get(topic)
          .partitions()
          .size();
    }
  }

  private static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }
}
