package io.ratelimiter.auditor.streams;

import io.ratelimiter.auditor.kafka.KafkaClientSettings;
import io.ratelimiter.schemas.topics.DeadLetter;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.assignment.assignors.StickyTaskAssignor;

/** The settings of Kafka Streams that differ from its defaults, with the reasons. */
record StreamsSettings(
    StreamsProperties settings,
    String topic,
    String groupProtocol,
    KafkaClientSettings client,
    RocksMemory memory) {

  /** As counted by Kafka Streams; with the record behind each row six times as much heap. */
  private static final long CACHE_BYTES = 8L << 20;

  private static final int SESSION_TIMEOUT_MILLIS = 10_000;

  Properties all() {
    Map<String, Object> all = new HashMap<>(client.all());
    all.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId(topic));
    all.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir().toAbsolutePath().toString());
    all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    all.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitIntervalMs());
    all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
    all.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, groupProtocol);
    all.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
    // The topology handles unreadable records; any other exception must stop the thread, since
    // continuing would leave a record half counted.
    all.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, LoggedExceptionHandler.class);
    all.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksMemory.Setter.class);
    all.put(RocksMemory.SETTING, memory);
    all.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    putConsumer(all);
    putProducer(all);
    Properties properties = new Properties();
    properties.putAll(all);
    return properties;
  }

  private void putConsumer(Map<String, Object> all) {
    if (groupProtocol.equals(GroupProtocol.CLASSIC)) {
      // Moves a partition at once. The default assignor first copies its state, which takes longer
      // than restoring it and is repeated every ten minutes for two partitions.
      all.put(StreamsConfig.TASK_ASSIGNOR_CLASS_CONFIG, StickyTaskAssignor.class.getName());
      // After this time the partitions of a killed instance move; the default is 45 s.
      all.put(
          StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
          SESSION_TIMEOUT_MILLIS);
    }
    all.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 2_000);
    all.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
  }

  private static void putProducer(Map<String, Object> all) {
    all.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), DeadLetter.MAX_BYTES);
    // A stall of ten seconds, the default, must not abort the work of a commit.
    all.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 20_000);
    all.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    all.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 << 10);
    all.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 20);
  }
}
