package io.ratelimiter.service.decisions.kafka;

import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the decisions topic from its end on a thread of its own until it is stopped, and reconnects
 * while Kafka is unavailable.
 */
public final class TopicFollower {

  private static final Logger log = LoggerFactory.getLogger(TopicFollower.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration RECONNECT = Duration.ofSeconds(1);

  /** Every instance publishes its ledgers several times within this time. */
  private static final Duration MAX_SILENCE = Duration.ofSeconds(20);

  /** Receives the records, on the follower's thread. */
  public interface Listener {

    /** Reading begins at the end of the topic. */
    void started();

    /** The value of a decision event, which should be JSON. */
    void decision(byte @Nullable [] value);

    /**
     * All events of one poll were passed; called at least ten times a second while connected, and
     * more often while events arrive.
     */
    void polled();
  }

  private final KafkaSettings settings;
  private final Listener listener;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile boolean reading;

  public TopicFollower(KafkaSettings settings, Listener listener) {
    this.settings = settings;
    this.listener = listener;
  }

  public void start() {
    Thread.ofPlatform().daemon().name("decisions-feed").start(this::run);
  }

  /** Never blocks: the thread ends within one poll. */
  public void stop() {
    stopping.countDown();
  }

  /** Whether it is connected and reads. */
  public boolean reading() {
    return reading;
  }

  private void run() {
    Duration pause = Duration.ZERO;
    while (!stoppingWithin(pause)) {
      try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings.consumer())) {
        readFromEnd(consumer);
      } catch (KafkaException e) {
        log.debug("The decisions topic cannot be read", e);
      } catch (RuntimeException e) {
        log.warn("Reading the decisions topic again after an unexpected fault", e);
      }
      reading = false;
      pause = RECONNECT;
    }
  }

  private boolean stoppingWithin(Duration pause) {
    try {
      return stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      return true;
    }
  }

  private void readFromEnd(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.DECISIONS).stream()
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    if (partitions.isEmpty()) {
      return;
    }
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    listener.started();
    reading = true;
    long lastRecordNanos = System.nanoTime();
    while (stopping.getCount() > 0 && System.nanoTime() - lastRecordNanos < MAX_SILENCE.toNanos()) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (isDecision(record)) {
          listener.decision(record.value());
        }
      }
      listener.polled();
      if (!records.isEmpty()) {
        lastRecordNanos = System.nanoTime();
      }
      reading = connected(consumer);
    }
  }

  /** A consumer does not report a lost broker, but waits for its return. */
  private static boolean connected(Consumer<byte[], byte[]> consumer) {
    return consumer.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals("connection-count"))
        .anyMatch(metric -> metric.getValue().metricValue() instanceof Double count && count > 0);
  }

  private static boolean isDecision(ConsumerRecord<byte[], byte[]> record) {
    Header type = record.headers().lastHeader(EventHeaders.CE_TYPE);
    return type != null
        && EventHeaders.TYPE_DECISION.equals(new String(type.value(), StandardCharsets.UTF_8));
  }
}
