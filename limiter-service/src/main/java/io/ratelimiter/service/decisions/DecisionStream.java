package io.ratelimiter.service.decisions;

import io.ratelimiter.service.decisions.spool.SpoolFile;
import io.ratelimiter.service.decisions.spool.SpoolFolder;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * The publisher and all that works behind it. Starts before the servers that take checks and stops
 * after them, so that no decision is made while nobody tells it.
 */
final class DecisionStream implements SmartLifecycle, DecisionsStatus {

  /** Below every server's phase: a lower phase starts earlier and stops later. */
  static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4096;

  private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);
  private static final Duration LAST_ANSWERS_WHILE_AWAY = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofMillis(10);

  private final DecisionsProperties properties;
  private final Clock clock;
  private final EventCounts counts = new EventCounts();
  private final Epoch epoch;
  private final EventSender sender;
  private final KafkaClients clients;
  private final Ledger ledger;
  private final SpoolFolder folder;
  private final SpoolWork work;
  private final Spool spool;
  private final KafkaLink link;
  private final KafkaDecisionPublisher publisher;
  private volatile boolean running;

  /**
   * Locks the spool's folder; nothing else happens before {@link #start}.
   *
   * @param kafkaSettings passed to every Kafka client
   */
  DecisionStream(DecisionsProperties properties, Map<String, String> kafkaSettings, Clock clock) {
    this.properties = properties;
    this.clock = clock;
    this.epoch = Epoch.begin(properties.instance(), properties.partitions());
    this.sender = new EventSender("/" + properties.serviceName() + "/" + properties.instance());
    this.clients =
        new KafkaClients(
            new KafkaSettings(
                properties.bootstrapServers(), properties.deliveryTimeout(), kafkaSettings));
    this.ledger = new Ledger(sender, clock);
    this.folder = SpoolFolder.lock(properties.spoolDir());
    this.work = work();
    this.spool = new Spool(work, counts);
    this.link = link();
    this.publisher = new KafkaDecisionPublisher(epoch, link, sender, counts, spool);
  }

  private SpoolWork work() {
    SeriesBook book = new SeriesBook();
    return new SpoolWork(
        new SpoolWork.Parts(
            properties,
            folder,
            epoch,
            counts,
            book,
            new PastEpochs(epoch, book, counts, ledger),
            new Replay(
                book,
                counts,
                sender,
                new Replay.Topic(properties.partitions(), properties.replayRate())),
            this::readyProducer,
            clock));
  }

  private KafkaLink link() {
    LinkOpening opening =
        new LinkOpening(clients, ledger, epoch.series().getFirst(), () -> spool.notePublishing());
    return new KafkaLink(properties, opening, sender, this::tellLedgers);
  }

  private @Nullable Producer<byte[], byte[]> readyProducer() {
    return link.ready();
  }

  DecisionPublisher publisher() {
    return publisher;
  }

  private void tellLedgers() {
    Producer<byte[], byte[]> producer = link.ready();
    if (producer != null) {
      ledger.tell(producer, epoch);
    }
  }

  @Override
  public void start() {
    spool.start();
    link.start();
    running = true;
  }

  /**
   * Lets Kafka confirm what is under way, closes earlier epochs and this one if nothing is left of
   * them, and leaves the rest on disk with the last counts. Blocks for some seconds at most.
   */
  @Override
  public void stop() {
    running = false;
    link.stopWatching();
    awaitQuiescence();
    boolean closed = closeEpoch();
    boolean away = link.ready() == null;
    link.shut(KafkaLink.State.AWAY);
    clients.close(away ? LAST_ANSWERS_WHILE_AWAY : LAST_ANSWERS);
    spool.stop(closed);
  }

  private void awaitQuiescence() {
    long deadline = System.nanoTime() + LAST_ANSWERS.toNanos();
    while (link.ready() != null
        && !(quiescent() && work.openPastEpochs() == 0)
        && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private boolean quiescent() {
    return sender.unanswered() == 0 && counts.inFlight.get() == 0 && spool.isEmpty();
  }

  /** Says the last word until Kafka confirms it: where buffers are small, not all pass at once. */
  private boolean closeEpoch() {
    Producer<byte[], byte[]> producer = link.ready();
    long deadline = System.nanoTime() + LAST_ANSWERS.toNanos();
    List<Series> open = epoch.series();
    while (producer != null && quiescent() && !open.isEmpty() && System.nanoTime() - deadline < 0) {
      open =
          ledger
              .close(producer, open, false)
              .completeOnTimeout(open, LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS)
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
  public boolean kafkaAvailable() {
    return link.state() == KafkaLink.State.UP;
  }

  @Override
  public @Nullable String kafkaFault() {
    return switch (link.state()) {
      case UP -> null;
      case AWAY -> "away";
      case REFUSED -> "refused";
      case NOT_CONFIGURED -> "not_configured";
      case WRONG_PARTITIONS -> "wrong_partitions";
    };
  }

  @Override
  public long issued() {
    return counts.issued.sum();
  }

  @Override
  public long recovered() {
    return counts.recovered.sum();
  }

  @Override
  public long acked() {
    return counts.acked.sum();
  }

  @Override
  public Map<DropReason, Long> dropped() {
    Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    for (DropReason reason : DropReason.values()) {
      dropped.put(reason, counts.dropped(reason));
    }
    return dropped;
  }

  @Override
  public long inFlight() {
    return counts.inFlight.get();
  }

  @Override
  public long spooled() {
    return counts.spooled.get();
  }

  @Override
  public int openPastEpochs() {
    return work.openPastEpochs();
  }

  @Override
  public long spoolBytes() {
    return work.bytes();
  }

  @Override
  public Duration oldestSpooledAge() {
    return work.oldestAge();
  }

  @Override
  public boolean spoolUsable() {
    return work.usable();
  }

  @Override
  public @Nullable String spoolFault() {
    return work.fault();
  }

  @Override
  public double producerBufferAvailableBytes() {
    return clients.measured("buffer-available-bytes");
  }

  @Override
  public double producerRecordErrors() {
    return clients.measured("record-error-total");
  }

  @Override
  public double producerBufferExhausted() {
    return clients.measured("buffer-exhausted-total");
  }

  @Override
  public long spoolLimitBytes() {
    return SpoolFile.budgetBytes(properties.spoolMaxSize().toBytes());
  }
}
