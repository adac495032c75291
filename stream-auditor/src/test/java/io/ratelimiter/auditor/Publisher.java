package io.ratelimiter.auditor;

import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.schemas.topics.TopicCreator;
import io.ratelimiter.schemas.topics.TopicSpec;
import io.ratelimiter.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Publishes as a limiter does: numbers each series, selects the partition by murmur2 of the key.
 */
public final class Publisher implements AutoCloseable {

  private final KafkaProducer<byte[], byte[]> producer;
  private final EventWriter writer = new EventWriter();
  private final String topic;
  private final String instance;
  private final String epoch;
  private final long[] issued;
  private @Nullable Long appendMillis;

  public Publisher(String bootstrapServers, String instance, String epoch, int partitions) {
    this(bootstrapServers, Topics.decisions(partitions), instance, epoch);
  }

  /** Of a decisions topic of any name. */
  public Publisher(String bootstrapServers, TopicSpec topic, String instance, String epoch) {
    this.topic = topic.name();
    this.instance = instance;
    this.epoch = epoch;
    this.issued = new long[topic.partitions()];
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "acks",
                "all",
                "linger.ms",
                20,
                "batch.size",
                131_072,
                "compression.type",
                "lz4"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** The append time of what is sent next, where the topic takes it from the publisher. */
  public void appendAt(long millis) {
    appendMillis = millis;
  }

  /** Creates the decisions topic and waits until it accepts records. */
  public static void createTopic(String bootstrapServers, int partitions) throws Exception {
    createTopic(bootstrapServers, Topics.decisions(partitions));
  }

  /** Creates a topic and waits until it accepts records. */
  public static void createTopic(String bootstrapServers, TopicSpec topic) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      new TopicCreator(admin).ensure(List.of(topic));
      Map<TopicPartition, OffsetSpec> all = new HashMap<>();
      for (int partition = 0; partition < topic.partitions(); partition++) {
        all.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
      }
      admin.listOffsets(all).all().get();
    }
  }

  /** Numbers and sends a decision. */
  public void send(TestDecision decision) {
    byte[] key = key(decision);
    int partition = partition(key);
    sendAs(decision, ++issued[partition]);
  }

  /** Sends a decision with a number that was issued before, as a replay of the spool does. */
  public void sendAs(TestDecision decision, long seq) {
    byte[] key = key(decision);
    int partition = partition(key);
    SeriesPosition position = new SeriesPosition(instance, epoch, partition, seq);
    send(partition, key, EventHeaders.TYPE_DECISION, writer.decision(decision.at(position)));
  }

  /** Sends the last decision again, to a partition other than that of its value. */
  public void sendElsewhere(TestDecision decision) {
    byte[] key = key(decision);
    int partition = partition(key);
    SeriesPosition position = new SeriesPosition(instance, epoch, partition, issued[partition]);
    send(
        (partition + 1) % issued.length,
        key,
        EventHeaders.TYPE_DECISION,
        writer.decision(decision.at(position)));
  }

  /** Issues a number for a decision that is sent later, or never. */
  public long number(TestDecision decision) {
    return ++issued[partition(key(decision))];
  }

  /** Issues a number for an event of a client, which is sent later, or never. */
  public SeriesPosition position(String tenant, String client) {
    int partition = partition(key(tenant, client));
    return new SeriesPosition(instance, epoch, partition, ++issued[partition]);
  }

  /**
   * Sends an event of a client at this place of a series.
   *
   * @param tenantAndClient the key, {@code tenant/client}
   * @param appendMillis append time, if the topic has {@code CreateTime}
   */
  public void sendAt(
      long appendMillis, SeriesPosition at, String tenantAndClient, String type, byte[] value) {
    byte[] key = tenantAndClient.getBytes(StandardCharsets.UTF_8);
    send(at.partition(), key, type, value, appendMillis);
  }

  /** Sends a ledger to every partition, in which all issued numbers are settled. */
  public void sendLedgers(boolean closed) {
    sendLedgers(closed, appendMillis);
  }

  /**
   * Sends ledgers.
   *
   * @param appendMillis append time, if the topic has {@code CreateTime}
   */
  public void sendLedgers(boolean closed, @Nullable Long appendMillis) {
    for (int partition = 0; partition < issued.length; partition++) {
      long count = issued[partition];
      LedgerEvent ledger =
          new LedgerEvent(
              instance,
              epoch,
              partition,
              count,
              count,
              0,
              0,
              count,
              0,
              closed,
              closed ? (Boolean) false : null);
      send(partition, null, EventHeaders.TYPE_LEDGER, writer.ledger(ledger), appendMillis);
    }
  }

  /** Sends any bytes with any type. */
  public void send(int partition, byte[] key, String type, byte[] value) {
    send(partition, key, type, value, appendMillis);
  }

  private void send(
      int partition, byte[] key, String type, byte[] value, @Nullable Long appendMillis) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, partition, appendMillis, key, value);
    record
        .headers()
        .add(new RecordHeader(EventHeaders.CE_TYPE, type.getBytes(StandardCharsets.UTF_8)));
    producer.send(record);
  }

  public String instance() {
    return instance;
  }

  public void flush() {
    producer.flush();
  }

  @Override
  public void close() {
    producer.close();
  }

  private int partition(byte[] key) {
    return Utils.toPositive(Utils.murmur2(key)) % issued.length;
  }

  private static byte[] key(TestDecision decision) {
    return key(decision.tenant(), decision.client());
  }

  private static byte[] key(String tenant, String client) {
    return (tenant + "/" + client).getBytes(StandardCharsets.UTF_8);
  }
}
