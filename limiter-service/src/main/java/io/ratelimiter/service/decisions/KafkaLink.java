package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.topics.TopicSpec;
import io.ratelimiter.schemas.topics.Topics;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether Kafka takes events, so that nobody waits for one that does not. A thread of its own
 * opens the link with a {@link LinkOpening}; from then on it watches that Kafka goes on confirming,
 * tells the ledgers, and begins anew when Kafka stops.
 */
final class KafkaLink {

  private static final Logger log = LoggerFactory.getLogger(KafkaLink.class);
  private static final Duration RETRY = Duration.ofMillis(500);
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration LAST_LOOK = Duration.ofSeconds(10);

  /** Whether events pass, and if not, why. */
  enum State {
    /** No addresses were given. */
    NOT_CONFIGURED,
    /** It does not answer, or not yet. */
    AWAY,
    /** It answers, and refuses our name, password, certificate or rights. */
    REFUSED,
    /** The topic has another number of partitions than this service was told. */
    WRONG_PARTITIONS,
    /** It takes events. */
    UP
  }

  private final DecisionsProperties properties;
  private final LinkOpening opening;
  private final EventSender sender;
  private final Runnable tellLedgers;
  private final StallDetector stalls;
  private final TopicSpec topic;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private volatile State state;
  private volatile @Nullable Producer<byte[], byte[]> ready;
  private String said = "";
  private long nextLedgerNanos;

  /**
   * @param tellLedgers runs every ledger interval while events pass
   */
  KafkaLink(
      DecisionsProperties properties,
      LinkOpening opening,
      EventSender sender,
      Runnable tellLedgers) {
    this.properties = properties;
    this.opening = opening;
    this.sender = sender;
    this.tellLedgers = tellLedgers;
    this.stalls = new StallDetector(properties.stallTimeout());
    this.topic = Topics.decisions(properties.partitions());
    this.state = properties.kafkaConfigured() ? State.AWAY : State.NOT_CONFIGURED;
    this.thread = Thread.ofPlatform().daemon().name("decisions-link").unstarted(this::run);
  }

  void start() {
    if (state == State.NOT_CONFIGURED) {
      log.warn("KAFKA_BOOTSTRAP_SERVERS is not set: every decision goes to the spool");
    } else {
      thread.start();
    }
  }

  /** The producer that takes events, or null while Kafka is known to be away. Never blocks. */
  @Nullable Producer<byte[], byte[]> ready() {
    return ready;
  }

  State state() {
    return state;
  }

  /** Ends the watch; events still pass if they did. Blocks until the thread has ended. */
  void stopWatching() {
    stopping.countDown();
    if (thread.getState() == Thread.State.NEW) {
      return;
    }
    try {
      thread.join(LAST_LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** From now on no event passes. */
  void shut(State reason) {
    ready = null;
    state = reason;
  }

  private void run() {
    Duration pause = Duration.ZERO;
    while (!stoppingWithin(pause)) {
      try {
        step();
      } catch (RuntimeException e) {
        shut(State.AWAY);
        log.error("Kafka is asked anew after a fault", e);
      }
      pause = ready == null ? RETRY : LOOK;
    }
  }

  private void step() {
    Producer<byte[], byte[]> producer = ready;
    if (producer == null) {
      open();
    } else {
      watch(producer);
    }
  }

  private boolean stoppingWithin(Duration pause) {
    try {
      return stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  private void open() {
    try {
      LinkOpening.Result result = opening.attempt(topic);
      if (result.state() == State.UP) {
        stalls.reset(System.nanoTime());
        nextLedgerNanos = System.nanoTime() + properties.ledgerInterval().toNanos();
        ready = result.producer();
        log.info("Kafka takes decisions");
      } else if (!result.why().equals(said)) {
        log.warn(
            "Kafka at {} takes no decisions, they are spooled: {}",
            properties.bootstrapServers(),
            result.why());
      }
      said = result.why();
      state = result.state();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch(Producer<byte[], byte[]> producer) {
    long now = System.nanoTime();
    if (stalls.stalled(sender.confirmed(), sender.unanswered(), now)) {
      giveUp("it confirmed nothing for " + properties.stallTimeout().toMillis() + " ms");
      return;
    }
    int partitions;
    try {
      partitions = producer.partitionsFor(topic.name()).size();
    } catch (RetriableException e) {
      giveUp("it does not say where the topic is");
      return;
    }
    if (partitions != topic.partitions()) {
      shut(State.WRONG_PARTITIONS);
    } else if (now - nextLedgerNanos >= 0) {
      nextLedgerNanos = now + properties.ledgerInterval().toNanos();
      tellLedgers.run();
    }
  }

  private void giveUp(String why) {
    shut(State.AWAY);
    log.warn(
        "Kafka takes no decisions: {} while {} wait; all are spooled from now on",
        why,
        sender.unanswered());
    // That it does not answer when asked anew is no news.
    said = LinkOpening.NO_ANSWER;
    opening.abandon();
  }
}
