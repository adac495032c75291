package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.service.check.AdjustmentResult;
import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.check.DecisionPublisher;
import io.ratelimiter.service.decisions.kafka.Delivery;
import io.ratelimiter.service.decisions.kafka.EventSender;
import io.ratelimiter.service.decisions.kafka.KafkaAvailability;
import io.ratelimiter.service.decisions.kafka.PartitionChooser;
import io.ratelimiter.service.decisions.series.DropReason;
import io.ratelimiter.service.decisions.series.Epoch;
import io.ratelimiter.service.decisions.series.EventCounts;
import io.ratelimiter.service.decisions.series.EventKind;
import io.ratelimiter.service.decisions.series.IssuedSeries;
import io.ratelimiter.service.decisions.series.OutgoingEvent;
import io.ratelimiter.service.decisions.spool.SpoolQueue;
import io.ratelimiter.service.limiter.Check;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbers each event, serializes it once and sends it to Kafka, or to the spool while Kafka is
 * unavailable or too many events are unacknowledged. The number is issued before anything can fail,
 * so that a later loss leaves a gap.
 */
final class KafkaDecisionPublisher implements DecisionPublisher {

  private static final Logger log = LoggerFactory.getLogger(KafkaDecisionPublisher.class);

  private final Epoch epoch;
  private final PartitionChooser partitions;
  private final KafkaAvailability kafka;
  private final EventCounts counts;
  private final SpoolQueue spool;
  private final EventWriter writer = new EventWriter();

  KafkaDecisionPublisher(
      Epoch epoch, KafkaAvailability kafka, EventCounts counts, SpoolQueue spool) {
    this.epoch = epoch;
    this.partitions = new PartitionChooser(epoch.series().size());
    this.kafka = kafka;
    this.counts = counts;
    this.spool = spool;
  }

  /** What an event has beside its number and its JSON. */
  private record Subject(
      EventKind kind, String id, String correlationId, Check check, long timeMicros) {}

  @Override
  public void publish(CheckResult result) {
    publish(
        new Subject(
            EventKind.DECISION,
            result.publishedId(),
            result.correlationId(),
            result.check(),
            result.decision().decidedAtMicros()),
        position -> writer.decision(DecisionEventMapper.decision(result, position)));
  }

  @Override
  public void publish(AdjustmentResult result) {
    publish(
        new Subject(
            EventKind.ADJUSTMENT,
            result.publishedId(),
            result.correlationId(),
            result.check(),
            result.adjustment().decidedAtMicros()),
        position -> writer.adjustment(DecisionEventMapper.adjustment(result, position)));
  }

  private void publish(Subject subject, Function<SeriesPosition, byte[]> json) {
    Check check = subject.check();
    byte[] key = (check.tenant() + '/' + check.clientId()).getBytes(StandardCharsets.UTF_8);
    IssuedSeries series = epoch.series().get(partitions.partitionOf(key));
    long seq = series.issue();
    byte[] value;
    try {
      value = json.apply(series.position(seq));
    } catch (RuntimeException e) {
      log.error("Lost the {} {}: it cannot be written", subject.kind(), subject.id(), e);
      counts.drop(DropReason.UNWRITABLE);
      series.dropped(seq, true);
      return;
    }
    send(
        new OutgoingEvent(
            series,
            seq,
            subject.kind(),
            subject.id(),
            subject.correlationId(),
            subject.timeMicros(),
            key,
            value));
  }

  private void send(OutgoingEvent event) {
    EventSender sender = kafka.sender();
    if (sender == null || !sender.hasRoom()) {
      spool.take(event, false);
    } else {
      counts.inFlight.incrementAndGet();
      sender.send(event, (outcome, _) -> completed(event, outcome));
    }
  }

  private void completed(OutgoingEvent event, Delivery.Outcome outcome) {
    counts.inFlight.decrementAndGet();
    switch (outcome) {
      case ACKED -> {
        counts.acked.increment();
        event.series().acked(event.seq());
      }
      case REFUSED -> {
        counts.drop(DropReason.REFUSED);
        event.series().dropped(event.seq(), true);
      }
      case MAYBE_SENT -> spool.take(event, true);
      case NOT_SENT -> spool.take(event, false);
    }
  }
}
