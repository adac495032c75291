package io.ratelimiter.service.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.schemas.Books;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.EventReader;
import io.ratelimiter.schemas.EventSchemas;
import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.schemas.topics.Topics;
import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.check.DecisionPublisher;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@LocalStack
class KafkaDecisionPublisherIT {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final EventReader reader = new EventReader();

  @TempDir Path spool;

  @Test
  void everyDecisionIsPublishedWithKeyHeadersAndNumber(PrivateServers servers) {
    KafkaServer kafka = servers.kafka();
    DecisionStream stream = StreamFixture.on(kafka.bootstrapServers(), "node-1", spool).start();
    await().atMost(LIMIT).until(() -> stream.state().kafkaAvailable());
    for (int i = 0; i < 100; i++) {
      stream.publisher().publish(Samples.allowed("client-" + i % 10));
    }
    CheckResult last = Samples.blocked("api_client");
    stream.publisher().publish(last);
    stream.publisher().publish(Samples.refund("api_client"));
    stream.stop();

    assertThat(stream.state().issued()).isEqualTo(102);
    assertThat(stream.state().acked()).isEqualTo(102);
    assertThat(stream.state().inFlight()).isZero();
    List<ConsumerRecord<byte[], byte[]>> topic = TopicReader.readAll(kafka.bootstrapServers());
    assertThat(ofType(topic, "decision.v1")).hasSize(101);
    assertThat(ofType(topic, "adjustment.v1")).hasSize(1);
    assertThat(topic)
        .allSatisfy(message ->
            assertThat(message.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME));
    assertThatSeriesHaveNoGap(ofType(topic, "decision.v1"), ofType(topic, "adjustment.v1"));

    ConsumerRecord<byte[], byte[]> message =
        ofType(topic, "decision.v1").stream()
            .filter(m -> header(m, "ce_id").equals(last.decisionId()))
            .findFirst()
            .orElseThrow();
    assertThat(new String(message.key(), StandardCharsets.UTF_8)).isEqualTo("default/api_client");
    assertThat(message.partition())
        .isEqualTo(Utils.toPositive(Utils.murmur2(message.key())) % StreamFixture.PARTITIONS);
    assertThat(header(message, "correlation-id")).isEqualTo(last.correlationId());
    assertThat(header(message, "ce_source")).isEqualTo("/rate-limiter/node-1");
    assertThat(header(message, "ce_specversion")).isEqualTo("1.0");
    assertThat(header(message, "ce_time")).isEqualTo("2026-09-21T14:13:20.123456Z");
    assertThat(header(message, "content-type")).isEqualTo("application/json");
    DecisionEvent event = reader.decision(message.value());
    assertThat(event).isEqualTo(DecisionEventMapper.decision(last, event.position()));
  }

  @Test
  void everySeriesPublishesItsLedger(PrivateServers servers) {
    KafkaServer kafka = servers.kafka();
    DecisionStream stream = StreamFixture.on(kafka.bootstrapServers(), "node-1", spool).start();
    await().atMost(LIMIT).until(() -> stream.state().kafkaAvailable());
    for (int i = 0; i < 50; i++) {
      stream.publisher().publish(Samples.allowed("client-" + i));
    }
    await().atMost(LIMIT).until(() -> ledgers(kafka).size() >= 4 * StreamFixture.PARTITIONS);
    stream.stop();

    Map<Integer, LedgerEvent> last = new HashMap<>();
    ledgers(kafka).forEach(ledger -> last.put(ledger.partition(), ledger));
    assertThat(last).hasSize(StreamFixture.PARTITIONS);
    assertThat(last.values().stream().mapToLong(LedgerEvent::issued).sum()).isEqualTo(50);
    assertThat(last.values())
        .allSatisfy(ledger -> {
          assertThat(ledger.acked()).isEqualTo(ledger.issued());
          assertThat(ledger.settledSeq()).isEqualTo(ledger.issued());
          assertThat(ledger.settledDropped()).isZero();
        });
  }

  /** 100 000 events of every kind. */
  @Test
  @Tag("faults")
  void everyRecordOfALongRunFitsItsSchemaAndNoSeriesHasAGapOrARepeat(PrivateServers servers) {
    KafkaServer kafka = servers.kafka();
    DecisionStream stream = StreamFixture.on(kafka.bootstrapServers(), "node-1", spool).start();
    await().atMost(LIMIT).until(() -> stream.state().kafkaAvailable());
    for (int i = 0; i < 100_000; i++) {
      publishOneOfEachKind(stream.publisher(), i);
      if (i % 1_000 == 0) {
        await().atMost(LIMIT).until(() -> stream.state().inFlight() < 10_000);
      }
    }
    stream.stop();

    EventSchemas schemas = new EventSchemas();
    Books books = new Books();
    TopicReader.readAll(
        kafka.bootstrapServers(),
        Topics.DECISIONS,
        message -> {
          assertThat(schemas.faults(header(message, "ce_type"), message.value())).isEmpty();
          books.read(message);
        });
    assertThat(books.decisions().size() + books.adjustments().size()).isEqualTo(100_000);
    assertThat(books.duplicates()).isZero();
    assertThat(books.series().values())
        .allSatisfy(account -> assertThat(account.received()).isEqualTo(account.issued()));
  }

  private static void publishOneOfEachKind(DecisionPublisher publisher, int i) {
    String client = "client-" + i % 1_000;
    switch (i % 7) {
      case 0 -> publisher.publish(Samples.blocked(client));
      case 1 -> publisher.publish(Samples.neverSatisfiable(client));
      case 2 -> publisher.publish(Samples.withoutRule(client));
      case 3 -> publisher.publish(Samples.failedOpen(client));
      case 4 -> publisher.publish(Samples.failedClosed(client));
      case 5 -> publisher.publish(Samples.refund(client));
      default -> publisher.publish(Samples.allowed(client));
    }
  }

  private List<LedgerEvent> ledgers(KafkaServer kafka) {
    return ofType(TopicReader.readAll(kafka.bootstrapServers()), "ledger.v1").stream()
        .map(message -> reader.ledger(message.value()))
        .toList();
  }

  private void assertThatSeriesHaveNoGap(
      List<ConsumerRecord<byte[], byte[]>> decisions,
      List<ConsumerRecord<byte[], byte[]>> adjustments) {
    Map<Integer, Long> highest = new HashMap<>();
    Map<Integer, Long> count = new HashMap<>();
    decisions.forEach(
        m -> book(highest, count, m.partition(), reader.decision(m.value()).position().seq()));
    adjustments.forEach(
        m -> book(highest, count, m.partition(), reader.adjustment(m.value()).position().seq()));
    assertThat(highest).isEqualTo(count);
  }

  private static void book(
      Map<Integer, Long> highest, Map<Integer, Long> count, int partition, long seq) {
    highest.merge(partition, seq, Math::max);
    count.merge(partition, 1L, Long::sum);
  }

  private static List<ConsumerRecord<byte[], byte[]>> ofType(
      List<ConsumerRecord<byte[], byte[]>> topic, String type) {
    return topic.stream().filter(message -> header(message, "ce_type").equals(type)).toList();
  }

  private static String header(ConsumerRecord<byte[], byte[]> message, String name) {
    return new String(message.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
