package io.ratelimiter.auditor.topology;

import io.ratelimiter.auditor.completeness.SeriesTracker;
import io.ratelimiter.auditor.topology.input.AuditedEvent;
import io.ratelimiter.auditor.topology.input.Placement;
import io.ratelimiter.auditor.topology.input.ReceivedRecord;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.schemas.audit.AuditWriter;
import io.ratelimiter.schemas.audit.BlockRateRecord;
import io.ratelimiter.schemas.audit.SeriesReport;
import io.ratelimiter.schemas.audit.Watermark;
import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Audits one partition: each record changes the state at once, and the changes are published every
 * second. State, published records and offsets are committed together. When a run ends between a
 * change and its publication, the state shows the unpublished changes to the next run, which
 * publishes them.
 */
final class AuditProcessor implements Processor<byte[], ReceivedRecord, PublishedKey, byte[]> {

  private static final Duration PUBLISH_INTERVAL = Duration.ofSeconds(1);

  /** Max changed rows before a publication out of turn; bounds memory. */
  private static final int MAX_UNPUBLISHED = 10_000;

  private static final int MAX_REMOVED = 100_000;
  private static final int MAX_GAPS = 4_096;

  private final AuditTerms terms;
  private final AuditCounts counts;
  private final AuditWriter writer = new AuditWriter();

  private @Nullable Partition partition;

  AuditProcessor(AuditTerms terms, AuditCounts counts) {
    this.terms = terms;
    this.counts = counts;
  }

  @Override
  public void init(ProcessorContext<PublishedKey, byte[]> context) {
    partition = new Partition(context);
    context.schedule(
        PUBLISH_INTERVAL, PunctuationType.WALL_CLOCK_TIME, timestamp -> opened().publishChanges());
  }

  @Override
  public void process(Record<byte[], ReceivedRecord> record) {
    opened().process(record);
  }

  /** The partition may be read by another instance from now on. */
  @Override
  public void close() {
    if (partition != null) {
      counts.lost(terms.topic(), partition.number, 0);
    }
  }

  private Partition opened() {
    if (partition == null) {
      throw new IllegalStateException("a record was processed before init");
    }
    return partition;
  }

  /** The state of this task's partition. */
  private final class Partition implements SeriesTracker.Listener {

    private final ProcessorContext<PublishedKey, byte[]> context;
    private final int number;
    private final Progress progress;
    private final PartitionRows rows;
    private final Minutes minutes;
    private final SeriesTracker series;
    private final Placement placement;
    private final DeadLetters deadLetters;
    private final PublishedTrace trace = new PublishedTrace();

    /** Initially true: the last publication of a former run may not have been committed. */
    private boolean hasChanges = true;

    Partition(ProcessorContext<PublishedKey, byte[]> context) {
      this.context = context;
      this.number = context.taskId().partition();
      this.placement = new Placement(number, terms.partitions());
      this.deadLetters = new DeadLetters(context, counts, terms.deadLetterBytes());
      this.progress = new Progress(store(context, AuditTopology.PROGRESS), terms, number);
      this.rows =
          new PartitionRows(
              store(context, AuditTopology.MINUTES),
              store(context, AuditTopology.PENDING),
              progress,
              terms,
              number);
      this.minutes = new Minutes(progress, rows);
      this.series =
          new SeriesTracker(
              store(context, AuditTopology.SERIES),
              store(context, AuditTopology.GAPS),
              new SeriesTracker.Terms(
                  terms.topic(),
                  terms.generation(),
                  terms.lateness().toMillis(),
                  terms.seriesKept().toMillis(),
                  MAX_GAPS));
      counts.lost(terms.topic(), number, series.lost());
    }

    private static KeyValueStore<Bytes, byte[]> store(
        ProcessorContext<PublishedKey, byte[]> context, String name) {
      return context.getStateStore(name);
    }

    /** Audits an event; a record that is not one or is misplaced only becomes a dead letter. */
    void process(Record<byte[], ReceivedRecord> record) {
      AuditedEvent event = record.value().event();
      hasChanges = true;
      progress.readRecord(context.recordMetadata().orElseThrow().offset());
      String fault = event == null ? record.value().fault() : placement.fault(record.key(), event);
      if (event == null || fault != null) {
        deadLetters.publish(record, fault);
      } else {
        audit(event, record.key(), record.timestamp());
      }
      progress.save();
      if (rows.unpublished() >= MAX_UNPUBLISHED) {
        publishChanges();
      }
    }

    private void audit(AuditedEvent audited, byte[] key, long appendMillis) {
      progress.advance(appendMillis);
      switch (audited) {
        case AuditedEvent.Decision(var event) -> {
          trace.addDecision();
          if (accept(event.position(), event.decidedAtMicros(), appendMillis)) {
            minutes.count(event, key);
            counts.decision();
            if (progress.isLate(event.decidedAtMicros())) {
              counts.late();
            }
          } else {
            counts.duplicate();
          }
        }
        case AuditedEvent.Adjustment(var event) -> {
          if (accept(event.position(), event.decidedAtMicros(), appendMillis)) {
            minutes.count(event);
          } else {
            counts.duplicate();
          }
        }
        case AuditedEvent.Ledger(var ledger) ->
            series.accept(ledger, appendMillis, progress.trimmed());
      }
    }

    private boolean accept(SeriesPosition position, long decidedAtMicros, long appendMillis) {
      boolean late = progress.isLate(decidedAtMicros);
      SeriesTracker.Numbered event = new SeriesTracker.Numbered(position, decidedAtMicros, late);
      return series.accept(event, appendMillis, progress.trimmed());
    }

    void publishChanges() {
      if (hasChanges) {
        trace.publish(this::publish);
      }
    }

    /** The watermark is last, because it covers the rows before it. */
    private void publish() {
      rows.publishChanges(this::publish);
      progress.published();
      if (progress.isTimeToSweep()) {
        series.sweep(progress.appendHighMillis(), this);
      }
      series.reportChanges(this);
      rows.removeFixed(MAX_REMOVED);
      publish(watermark());
      progress.save();
      hasChanges = false;
      counts.lost(terms.topic(), number, series.lost());
    }

    private Watermark watermark() {
      return new Watermark(
          terms.topic(),
          number,
          terms.generation(),
          progress.revision(),
          terms.partitions(),
          progress.appendHighMillis(),
          progress.closedBefore(),
          progress.wholeFrom(),
          progress.nextOffset());
    }

    private void publish(BlockRateRecord value) {
      forward(AuditTopology.BLOCK_RATES, writer.key(value), writer.value(value));
    }

    @Override
    public void onReport(SeriesReport report) {
      forward(AuditTopology.COMPLETENESS, writer.seriesKey(report), writer.series(report));
    }

    @Override
    public void onRemoved(String instance, String epoch, int partition) {
      forward(
          AuditTopology.COMPLETENESS,
          writer.seriesKey(terms.topic(), instance, epoch, partition, terms.generation()),
          null);
    }

    @Override
    public void onLost(long numbers) {
      counts.newlyLost(numbers);
    }

    /** With the current time: retention must not delete the results of a replay of old records. */
    private void forward(String sink, byte[] key, byte @Nullable [] value) {
      PublishedKey published = new PublishedKey(number, Bytes.wrap(key));
      context.forward(tombstoneOr(published, value, context.currentSystemTimeMs()), sink);
    }

    @SuppressWarnings("NullAway") // Kafka's types do not declare that a value may be null.
    private static Record<PublishedKey, byte[]> tombstoneOr(
        PublishedKey key, byte @Nullable [] value, long timestamp) {
      return new Record<>(key, value, timestamp);
    }
  }
}
