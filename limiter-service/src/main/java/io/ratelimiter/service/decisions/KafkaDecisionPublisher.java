package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.service.limiter.Check;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbers each event, writes it once as bytes and hands it to Kafka's producer, or to the backlog
 * while Kafka is known to be unavailable or answers too slowly. The number is taken before anything
 * can fail, so that a later loss leaves a gap.
 */
final class KafkaDecisionPublisher implements DecisionPublisher {

  private static final Logger log = LoggerFactory.getLogger(KafkaDecisionPublisher.class);

  private final Epoch epoch;
  private final PartitionChooser partitions;
  private final KafkaLink link;
  private final EventSender sender;
  private final EventCounts counts;
  private final Backlog backlog;
  private final EventWriter writer = new EventWriter();

  KafkaDecisionPublisher(
      Epoch epoch, KafkaLink link, EventSender sender, EventCounts counts, Backlog backlog) {
    this.epoch = epoch;
    this.partitions = new PartitionChooser(epoch.series().size());
    this.link = link;
    this.sender = sender;
    this.counts = counts;
    this.backlog = backlog;
  }

  @Override
  public void publish(MadeDecision made) {
    Happening happening =
        new Happening(
            EventKind.DECISION,
            made.decisionId(),
            made.correlationId(),
            made.decision().decidedAtMicros());
    publish(
        happening,
        made.check(),
        position -> writer.decision(DecisionWording.decision(made, position)));
  }

  @Override
  public void publish(MadeAdjustment made) {
    Happening happening =
        new Happening(
            EventKind.ADJUSTMENT,
            made.adjustmentId(),
            made.correlationId(),
            made.adjustment().decidedAtMicros());
    publish(
        happening,
        made.check(),
        position -> writer.adjustment(DecisionWording.adjustment(made, position)));
  }

  private record Happening(EventKind kind, String id, String correlationId, long timeMicros) {}

  private void publish(Happening what, Check check, Function<SeriesPosition, byte[]> body) {
    byte[] key = (check.tenant() + '/' + check.clientId()).getBytes(StandardCharsets.UTF_8);
    Series series = epoch.series().get(partitions.partitionOf(key));
    long seq = series.issue();
    counts.issued.increment();
    byte[] value;
    try {
      value = body.apply(series.position(seq));
    } catch (RuntimeException e) {
      log.error("Lost the {} {}: it cannot be written", what.kind(), what.id(), e);
      counts.drop(DropReason.UNWRITABLE);
      series.dropped(seq, true);
      return;
    }
    route(
        new OutgoingEvent(
            series, seq, what.kind, what.id, what.correlationId, what.timeMicros, key, value));
  }

  private void route(OutgoingEvent event) {
    Producer<byte[], byte[]> producer = link.ready();
    if (producer == null || !sender.hasRoom()) {
      backlog.take(event, false);
    } else {
      counts.inFlight.incrementAndGet();
      sender.send(producer, event, new LiveDelivery(event, counts, backlog));
    }
  }
}
