package io.ratelimiter.service.decisions.kafka;

import io.ratelimiter.schemas.topics.TopicSpec;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Kafka accepts events. A thread of its own connects with a {@link KafkaConnectAttempt};
 * while connected it checks that Kafka keeps acknowledging, publishes the ledgers, and reconnects
 * when Kafka stops.
 */
public final class KafkaAvailability {

  private static final Logger log = LoggerFactory.getLogger(KafkaAvailability.class);
  private static final Duration RECONNECT = Duration.ofMillis(500);
  private static final Duration CHECK = Duration.ofMillis(250);
  private static final Duration LAST_CHECK = Duration.ofSeconds(10);

  /** Whether Kafka accepts events, or why not. */
  public enum State {
    /** No addresses are configured. */
    NOT_CONFIGURED,
    /** Kafka does not answer, or has not yet. */
    AWAY,
    /** Kafka refuses the service's name, password, certificate or rights. */
    REFUSED,
    /** The topic's number of partitions differs from the configured one. */
    WRONG_PARTITIONS,
    /** Kafka accepts events. */
    UP;

    /** The name in JSON. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Parameters of the checks.
   *
   * @param topic with the configured number of partitions
   * @param ledgerInterval time between two publications of the ledgers
   * @param stallTimeout time without an acknowledgement after which Kafka counts as unavailable
   */
  public record Settings(TopicSpec topic, Duration ledgerInterval, Duration stallTimeout) {}

  private final Settings settings;
  private final KafkaClients clients;
  private final KafkaConnectAttempt attempt;
  private final UnackedEvents unacked;
  private final Consumer<EventSender> publishLedgers;
  private final StallDetector stalls;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private volatile State state;
  private volatile @Nullable EventSender sender;
  private String loggedReason = "";
  private long nextLedgerNanos;

  /**
   * @param publishLedgers called every ledger interval while Kafka accepts events
   */
  public KafkaAvailability(
      Settings settings,
      KafkaClients clients,
      KafkaConnectAttempt attempt,
      UnackedEvents unacked,
      Consumer<EventSender> publishLedgers) {
    this.settings = settings;
    this.clients = clients;
    this.attempt = attempt;
    this.unacked = unacked;
    this.publishLedgers = publishLedgers;
    this.stalls = new StallDetector(settings.stallTimeout());
    this.state = clients.configured() ? State.AWAY : State.NOT_CONFIGURED;
    this.thread = Thread.ofPlatform().daemon().name("decisions-link").unstarted(this::run);
  }

  public void start() {
    if (state == State.NOT_CONFIGURED) {
      log.warn("KAFKA_BOOTSTRAP_SERVERS is not set: every decision goes to the spool");
    } else {
      thread.start();
    }
  }

  /** The sender to use now; null while Kafka is known to be unavailable. Never blocks. */
  public @Nullable EventSender sender() {
    return sender;
  }

  public State state() {
    return state;
  }

  /** Stops checking; {@link #sender} is unchanged. Blocks until the thread has ended. */
  public void stopChecking() {
    stopping.countDown();
    if (thread.getState() == Thread.State.NEW) {
      return;
    }
    try {
      thread.join(LAST_CHECK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Withdraws the {@link #sender}. */
  public void disconnect(State reason) {
    sender = null;
    state = reason;
  }

  private void run() {
    Duration pause = Duration.ZERO;
    while (!stoppingWithin(pause)) {
      try {
        EventSender current = sender;
        if (current == null) {
          connect();
        } else {
          check(current);
        }
      } catch (RuntimeException e) {
        disconnect(State.AWAY);
        log.error("Reconnecting to Kafka after an unexpected fault", e);
      }
      pause = sender == null ? RECONNECT : CHECK;
    }
  }

  private boolean stoppingWithin(Duration pause) {
    try {
      return stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  private void connect() {
    try {
      KafkaConnectAttempt.Result result = attempt.run(settings.topic());
      if (result.state() == State.UP) {
        stalls.reset(System.nanoTime());
        nextLedgerNanos = System.nanoTime() + settings.ledgerInterval().toNanos();
        sender = result.sender();
        log.info("Kafka accepts decisions");
      } else if (!result.reason().equals(loggedReason)) {
        log.warn(
            "Kafka at {} accepts no decisions, they are spooled: {}",
            clients.bootstrapServers(),
            result.reason());
      }
      loggedReason = result.reason();
      state = result.state();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void check(EventSender current) {
    long now = System.nanoTime();
    if (stalls.stalled(unacked.acked(), unacked.bytes(), now)) {
      abandon("no acknowledgement for " + settings.stallTimeout().toMillis() + " ms");
      return;
    }
    int partitions;
    try {
      partitions = current.producer().partitionsFor(settings.topic().name()).size();
    } catch (RetriableException e) {
      abandon("the topic's metadata is not available");
      return;
    }
    if (partitions != settings.topic().partitions()) {
      disconnect(State.WRONG_PARTITIONS);
    } else if (now - nextLedgerNanos >= 0) {
      nextLedgerNanos = now + settings.ledgerInterval().toNanos();
      publishLedgers.accept(current);
    }
  }

  /**
   * Discards the producer: its events fail at once and are spooled, instead of staying in memory
   * until their own timeout. Kafka may have received some of them; these are then on the topic
   * twice.
   */
  private void abandon(String reason) {
    disconnect(State.AWAY);
    log.warn(
        "Kafka accepts no decisions: {} with {} bytes unacknowledged; all are spooled from now on",
        reason,
        unacked.bytes());
    // The next failed attempt adds no information.
    loggedReason = KafkaConnectAttempt.NO_ANSWER;
    clients.discard();
  }
}
