package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.topics.Topics;
import io.ratelimiter.service.check.DecisionPublisher;
import io.ratelimiter.service.decisions.kafka.EventSender;
import io.ratelimiter.service.decisions.kafka.KafkaAvailability;
import io.ratelimiter.service.decisions.kafka.KafkaClients;
import io.ratelimiter.service.decisions.kafka.KafkaConnectAttempt;
import io.ratelimiter.service.decisions.kafka.KafkaSettings;
import io.ratelimiter.service.decisions.kafka.LedgerPublisher;
import io.ratelimiter.service.decisions.kafka.UnackedEvents;
import io.ratelimiter.service.decisions.series.Epoch;
import io.ratelimiter.service.decisions.series.EventCounts;
import io.ratelimiter.service.decisions.series.IssuedSeries;
import io.ratelimiter.service.decisions.spool.EpochRecovery;
import io.ratelimiter.service.decisions.spool.Replay;
import io.ratelimiter.service.decisions.spool.SpoolQueue;
import io.ratelimiter.service.decisions.spool.SpoolWorker;
import io.ratelimiter.service.decisions.spool.SpooledEpochs;
import io.ratelimiter.service.decisions.spool.file.SpoolFile;
import io.ratelimiter.service.decisions.spool.file.SpoolFolder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Composes the publisher with its Kafka connection and spool. Starts before the servers that accept
 * checks and stops after them, so that every decision is published.
 */
final class DecisionStream implements SmartLifecycle, DecisionsStatus {

  /** Below every server's phase: a lower phase starts earlier and stops later. */
  static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4096;

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration STOP_TIMEOUT_WITHOUT_KAFKA = Duration.ofSeconds(1);
  private static final Duration CHECK = Duration.ofMillis(10);

  private final DecisionsProperties properties;
  private final Clock clock;
  private final EventCounts counts = new EventCounts();
  private final UnackedEvents unacked = new UnackedEvents();
  private final Epoch epoch;
  private final KafkaClients clients;
  private final LedgerPublisher ledgers;
  private final SpoolWorker worker;
  private final SpoolQueue spool;
  private final KafkaAvailability kafka;
  private final KafkaDecisionPublisher publisher;
  private volatile boolean running;

  /** Locks the spool's folder; everything else happens at {@link #start}. */
  DecisionStream(DecisionsProperties properties, KafkaSettings kafkaSettings, Clock clock) {
    this.properties = properties;
    this.clock = clock;
    this.epoch = Epoch.begin(properties.instance(), properties.partitions());
    this.clients =
        new KafkaClients(
            kafkaSettings, "/" + properties.serviceName() + "/" + properties.instance(), unacked);
    this.ledgers = new LedgerPublisher(clock);
    this.worker = worker();
    this.spool = new SpoolQueue(worker, counts);
    this.kafka = kafka();
    this.publisher = new KafkaDecisionPublisher(epoch, kafka, counts, spool);
  }

  private SpoolWorker worker() {
    SpooledEpochs epochs = new SpooledEpochs();
    return new SpoolWorker(
        new SpoolWorker.Parts(
            properties.spoolMaxSize().toBytes(),
            properties.ledgerInterval(),
            SpoolFolder.lock(properties.spoolDir()),
            epoch,
            counts,
            epochs,
            new EpochRecovery(epoch, epochs, counts, ledgers),
            new Replay(epochs, counts, properties.partitions(), properties.replayRate()),
            this::sender,
            clock));
  }

  private KafkaAvailability kafka() {
    return new KafkaAvailability(
        new KafkaAvailability.Settings(
            Topics.decisions(properties.partitions()),
            properties.ledgerInterval(),
            properties.stallTimeout()),
        clients,
        new KafkaConnectAttempt(clients, ledgers, epoch.series().getFirst(), spool::markPublished),
        unacked,
        sender -> ledgers.publish(sender, epoch));
  }

  private @Nullable EventSender sender() {
    return kafka.sender();
  }

  DecisionPublisher publisher() {
    return publisher;
  }

  @Override
  public void start() {
    spool.start();
    kafka.start();
    running = true;
  }

  /**
   * Waits for Kafka's outstanding acknowledgements, closes this epoch and earlier ones without
   * events on disk, and stores the last counts. Blocks for some seconds at most.
   */
  @Override
  public void stop() {
    running = false;
    kafka.stopChecking();
    awaitQuiescence();
    boolean closed = closeEpoch();
    boolean available = kafka.sender() != null;
    kafka.disconnect(KafkaAvailability.State.AWAY);
    clients.close(available ? STOP_TIMEOUT : STOP_TIMEOUT_WITHOUT_KAFKA);
    spool.stop(closed);
  }

  private void awaitQuiescence() {
    long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
    while (kafka.sender() != null
        && !(quiescent() && worker.openPastEpochs() == 0)
        && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(CHECK.toNanos());
    }
  }

  private boolean quiescent() {
    return unacked.bytes() == 0 && counts.inFlight.get() == 0 && spool.isEmpty();
  }

  /** Repeats the last ledgers until all are acknowledged: a small buffer does not take all. */
  private boolean closeEpoch() {
    EventSender sender = kafka.sender();
    long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
    List<IssuedSeries> open = epoch.series();
    while (sender != null && quiescent() && !open.isEmpty() && System.nanoTime() - deadline < 0) {
      open =
          ledgers
              .close(sender, open, false)
              .completeOnTimeout(open, STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
              .join();
    }
    return open.isEmpty();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  @Override
  public State state() {
    KafkaAvailability.State availability = kafka.state();
    return new State(
        availability == KafkaAvailability.State.UP ? null : availability.wireName(),
        epoch.issued(),
        counts.recovered.sum(),
        counts.acked.sum(),
        counts.dropped(),
        counts.inFlight.get(),
        worker.openPastEpochs(),
        new Spool(
            counts.spooled.get(),
            worker.bytes(),
            SpoolFile.budgetBytes(properties.spoolMaxSize().toBytes()),
            worker.oldestAge(),
            worker.fault()),
        new Producer(
            clients.metric("buffer-available-bytes"),
            clients.metric("record-error-total"),
            clients.metric("buffer-exhausted-total")));
  }
}
