package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.EventReader;
import io.ratelimiter.schemas.UnreadableEventException;
import io.ratelimiter.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the decisions topic from its end, on a thread of its own, until it is stopped; where Kafka
 * is away, it asks again and again.
 */
final class FeedReader {

  private static final Logger log = LoggerFactory.getLogger(FeedReader.class);

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** Every instance tells its ledgers several times meanwhile. */
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private static final long SECOND_MILLIS = 1_000;
  private static final int SHOWN_AT_ONCE = 100;

  private final KafkaSettings settings;
  private final List<FeedWatch> watches;
  private final EventReader events = new EventReader();
  private final SecondCount count = new SecondCount();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private long secondMillis;
  private volatile FeedState state = FeedState.CONNECTING;

  /**
   * A reader that does nothing yet.
   *
   * @param watches are told what it reads; of no other reader, since it ends when it likes
   */
  FeedReader(KafkaSettings settings, List<FeedWatch> watches) {
    this.settings = settings;
    this.watches = watches;
  }

  void start() {
    Thread.ofPlatform().daemon().name("decisions-feed").start(this::run);
  }

  /** Never blocks: the thread ends by itself, within a poll. */
  void stop() {
    stopping.countDown();
  }

  FeedState state() {
    return state;
  }

  private void run() {
    Duration pause = Duration.ZERO;
    while (!stoppingWithin(pause)) {
      try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings.consumer())) {
        readFromEnd(consumer);
      } catch (KafkaException e) {
        log.debug("The decisions topic can't be read", e);
      } catch (RuntimeException e) {
        log.warn("The live view begins anew after a fault", e);
      }
      state = FeedState.CONNECTING;
      pause = RETRY;
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
    secondMillis = now();
    state = FeedState.READING;
    long heardNanos = System.nanoTime();
    while (stopping.getCount() > 0 && System.nanoTime() - heardNanos < SILENCE.toNanos()) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      take(records);
      if (!records.isEmpty()) {
        heardNanos = System.nanoTime();
      }
      state = connected(consumer) ? FeedState.READING : FeedState.CONNECTING;
    }
  }

  /** A consumer says nothing of a broker that is gone: it waits for it. */
  private static boolean connected(Consumer<byte[], byte[]> consumer) {
    return consumer.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals("connection-count"))
        .anyMatch(metric -> metric.getValue().metricValue() instanceof Double count && count > 0);
  }

  private void take(ConsumerRecords<byte[], byte[]> records) {
    List<DecisionEvent> decisions = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (isDecision(record)) {
        read(record, decisions);
      }
      if (decisions.size() == SHOWN_AT_ONCE) {
        show(decisions);
      }
    }
    show(decisions);
    endSeconds();
  }

  /** A watch keeps what it has room for; the other records of a poll are not retained. */
  private void show(List<DecisionEvent> decisions) {
    if (!decisions.isEmpty()) {
      watches.forEach(watch -> watch.tell(decisions));
      decisions.clear();
    }
  }

  private void read(ConsumerRecord<byte[], byte[]> record, List<DecisionEvent> into) {
    if (count.full()) {
      count.skip();
      return;
    }
    try {
      DecisionEvent event = events.decision(record.value());
      count.add(event);
      into.add(event);
    } catch (UnreadableEventException e) {
      log.debug("Not shown, the auditor tells it as a dead letter: {}", e.getMessage());
    }
  }

  private static boolean isDecision(ConsumerRecord<byte[], byte[]> record) {
    Header type = record.headers().lastHeader(EventHeaders.CE_TYPE);
    return type != null
        && EventHeaders.TYPE_DECISION.equals(new String(type.value(), StandardCharsets.UTF_8));
  }

  private void endSeconds() {
    long now = now();
    if (now > secondMillis) {
      FeedSecond second = count.end(secondMillis);
      secondMillis = now;
      watches.forEach(watch -> watch.tell(second));
    }
  }

  private static long now() {
    return System.currentTimeMillis() / SECOND_MILLIS * SECOND_MILLIS;
  }
}
