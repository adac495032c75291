package io.ratelimiter.service.decisions;

import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
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
  private static final Duration LOOK = Duration.ofMillis(10);

  private final EventCounts counts = new EventCounts();
  private final Epoch epoch;
  private final EventSender sender;
  private final KafkaClients clients;
  private final KafkaLink link;
  private final KafkaDecisionPublisher publisher;
  private volatile boolean running;

  DecisionStream(DecisionsProperties properties, Map<String, String> kafkaSettings, Clock clock) {
    this.epoch = Epoch.begin(properties.instance(), properties.partitions());
    this.sender = new EventSender("/" + properties.serviceName() + "/" + properties.instance());
    this.clients =
        new KafkaClients(
            new KafkaSettings(
                properties.bootstrapServers(), properties.deliveryTimeout(), kafkaSettings));
    Ledger ledger = new Ledger(sender, clock);
    this.link =
        new KafkaLink(
            properties,
            new LinkOpening(clients, ledger, epoch.series().getFirst(), () -> {}),
            sender,
            () -> tellLedgers(ledger));
    this.publisher = new KafkaDecisionPublisher(epoch, link, sender, counts, this::giveUp);
  }

  DecisionPublisher publisher() {
    return publisher;
  }

  private void tellLedgers(Ledger ledger) {
    Producer<byte[], byte[]> producer = link.ready();
    if (producer != null) {
      ledger.tell(producer, epoch);
    }
  }

  private void giveUp(OutgoingEvent event, boolean handed) {
    counts.drop(handed ? DropReason.UNCONFIRMED : DropReason.SPOOL_FAILED);
    event.series().dropped(event.seq(), !handed);
  }

  @Override
  public void start() {
    link.start();
    running = true;
  }

  /** Lets Kafka confirm what is under way. Blocks for some seconds at most. */
  @Override
  public void stop() {
    running = false;
    link.stopWatching();
    long deadline = System.nanoTime() + LAST_ANSWERS.toNanos();
    while (link.ready() != null && sender.unanswered() > 0 && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
    link.shut(KafkaLink.State.AWAY);
    clients.close(LAST_ANSWERS);
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
  public long spoolBytes() {
    return 0;
  }

  @Override
  public Duration oldestSpooledAge() {
    return Duration.ZERO;
  }

  @Override
  public boolean spoolUsable() {
    return false;
  }

  @Override
  public double producerBufferAvailableBytes() {
    return clients.bufferAvailableBytes();
  }
}
