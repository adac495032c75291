package io.ratelimiter.auditor.store;

import com.zaxxer.hikari.HikariDataSource;
import io.ratelimiter.auditor.kafka.AcknowledgedProducer;
import io.ratelimiter.auditor.kafka.KafkaClientSettings;
import io.ratelimiter.auditor.store.tables.DayPartitions;
import io.ratelimiter.auditor.store.tables.GenerationSwitch;
import io.ratelimiter.auditor.store.tables.Retention;
import io.ratelimiter.auditor.store.tables.Schema;
import io.ratelimiter.auditor.store.tables.Tables;
import io.ratelimiter.auditor.store.tables.UnservedRows;
import io.ratelimiter.auditor.store.topics.TopicMarks;
import io.ratelimiter.runtime.ConnectionPool;
import io.ratelimiter.runtime.DatabaseUrl;
import io.ratelimiter.schemas.audit.Tombstone;
import io.ratelimiter.schemas.topics.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.FixedBackOff;

/** Beans of the sink, which writes to PostgreSQL if a database is configured. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StoreProperties.class)
public class StoreConfiguration {

  private static final String HAS_DATABASE = "!'${auditor.store.database-url:}'.isEmpty()";
  private static final String GROUP = "ratelimiter-auditor-store";
  private static final ConnectionPool POOL =
      new ConnectionPool("stream-auditor", 4, 1, Duration.ofSeconds(60));
  private static final long RETRY_MILLIS = 1_000;
  private static final long CLOSE_MILLIS = 10_000;

  /** The sink's pool, which the sink closes. Not a bean itself: see {@link ConnectionPool}. */
  record AuditDatabase(HikariDataSource pool) {}

  @Bean
  @ConditionalOnExpression(HAS_DATABASE)
  AuditDatabase auditDatabase(StoreProperties settings) {
    return new AuditDatabase(POOL.at(DatabaseUrl.parse(settings.databaseUrl())));
  }

  /** The sink's producer, which the sink closes. */
  @Bean(destroyMethod = "")
  AcknowledgedProducer acknowledgedProducer(KafkaClientSettings client) {
    return new AcknowledgedProducer(client);
  }

  @Bean
  @ConditionalOnExpression(HAS_DATABASE)
  Heartbeat heartbeat(AuditDatabase database, Sink sink, StoreProperties settings) {
    return new Heartbeat(database.pool(), sink, settings.generation());
  }

  @Bean
  Generation generation(StoreProperties settings, Sink sink) {
    return new Generation(
        settings.generation(),
        sink.isAbsent() ? Generation.State.ABSENT : Generation.State.UNKNOWN);
  }

  @Bean
  @ConditionalOnExpression(HAS_DATABASE)
  GenerationWatch generationWatch(
      AuditDatabase database,
      Sink sink,
      Generation generation,
      AcknowledgedProducer producer,
      StoreProperties settings) {
    return new GenerationWatch(
        generation,
        sink,
        new GenerationSwitch(database.pool(), generation.number(), settings.topics()),
        new UnservedRows(database.pool(), tombstones(producer)),
        System::nanoTime);
  }

  @Bean(destroyMethod = "")
  Sink sink(
      StoreProperties settings,
      KafkaClientSettings client,
      StoreCounts counts,
      AcknowledgedProducer producer,
      Optional<AuditDatabase> auditDatabase) {
    if (auditDatabase.isEmpty()) {
      return new AbsentSink();
    }
    HikariDataSource database = auditDatabase.get().pool();
    Clock clock = Clock.systemUTC();
    DayPartitions days =
        new DayPartitions(
            new Retention(clock, settings.retentionDays(), settings.totalsRetentionDays()));
    return new PostgresSink(
        database,
        new Schema(database, days),
        new CountedTopics(
            new TopicMarks(database),
            client.all(),
            settings.topics(),
            Duration.ofHours(settings.maxLatenessHours()),
            clock),
        new DeadLetteringWriter(
            new Tables(database, days, tombstones(producer)),
            new DeadLetterTopic(producer, counts)),
        producer,
        counts,
        clock,
        listener -> container(client, listener));
  }

  private static UnservedRows.Tombstones tombstones(AcknowledgedProducer producer) {
    return deleted ->
        producer.send(deleted.stream().map(one -> withoutValue(one, producer)).toList());
  }

  @SuppressWarnings("NullAway") // Kafka's types do not declare that a value may be null.
  private static ProducerRecord<byte[], byte[]> withoutValue(
      Tombstone tombstone, AcknowledgedProducer producer) {
    int partition = tombstone.partition() % producer.partitions(tombstone.topic());
    return new ProducerRecord<>(tombstone.topic(), partition, tombstone.key(), null);
  }

  private static ConcurrentMessageListenerContainer<byte[], byte[]> container(
      KafkaClientSettings client, BatchMessageListener<byte[], byte[]> listener) {
    Map<String, Object> settings = new HashMap<>(client.all());
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
    settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    ContainerProperties properties =
        new ContainerProperties(Topics.BLOCK_RATES, Topics.COMPLETENESS);
    properties.setMessageListener(listener);
    properties.setAckMode(ContainerProperties.AckMode.BATCH);
    properties.setShutdownTimeout(CLOSE_MILLIS);
    var container =
        new ConcurrentMessageListenerContainer<>(
            new DefaultKafkaConsumerFactory<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
            properties);
    container.setBeanName("audit-store");
    DefaultErrorHandler handler =
        new DefaultErrorHandler(new FixedBackOff(RETRY_MILLIS, FixedBackOff.UNLIMITED_ATTEMPTS));
    handler.setLogLevel(org.springframework.kafka.KafkaException.Level.DEBUG);
    container.setCommonErrorHandler(handler);
    return container;
  }
}
