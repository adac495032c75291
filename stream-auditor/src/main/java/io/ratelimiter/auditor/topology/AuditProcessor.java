package io.ratelimiter.auditor.topology;

import io.ratelimiter.auditor.completeness.SeriesBook;
import io.ratelimiter.schemas.AuditWriter;
import io.ratelimiter.schemas.BlockRateRecord;
import io.ratelimiter.schemas.SeriesReport;
import io.ratelimiter.schemas.Watermark;
import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Audits one partition: every record changes state at once, and what changed is told every second.
 * State, what is told and the offset are committed together; a run that ends in between leaves the
 * untold changes marked in the state, so that the next one tells them.
 */
final class AuditProcessor implements Processor<byte[], Arrived, ToldKey, byte[]> {

  private static final Duration TELL_EVERY = Duration.ofSeconds(1);

  /** Bounds the memory for what is changed but not yet told. */
  private static final int MAX_UNTOLD = 10_000;

  private static final int REMOVE_AT_MOST = 100_000;
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
  public void init(ProcessorContext<ToldKey, byte[]> context) {
    partition = new Partition(context);
    context.schedule(
        TELL_EVERY, PunctuationType.WALL_CLOCK_TIME, timestamp -> opened().tellChanges());
  }

  @Override
  public void process(Record<byte[], Arrived> record) {
    opened().process(record);
  }

  private Partition opened() {
    if (partition == null) {
      throw new IllegalStateException("a record came before init");
    }
    return partition;
  }

  /** All that belongs to the one partition of this task. */
  private final class Partition implements SeriesBook.Audience {

    private final ProcessorContext<ToldKey, byte[]> context;
    private final int number;
    private final Progress progress;
    private final Minutes minutes;
    private final SeriesBook series;
    private final Placement placement;
    private final DeadLetters deadLetters;
    private final ToldTrace trace = new ToldTrace();

    /** True at first: what a former run told last may not have been committed. */
    private boolean hasNews = true;

    Partition(ProcessorContext<ToldKey, byte[]> context) {
      this.context = context;
      this.number = context.taskId().partition();
      this.placement = new Placement(number, terms.partitions());
      this.deadLetters = new DeadLetters(context, counts, terms.deadLetterBytes());
      this.progress = new Progress(store(context, AuditTopology.PROGRESS), terms, number);
      this.minutes = new Minutes(store(context, AuditTopology.MINUTES), progress, terms, number);
      this.series =
          new SeriesBook(
              store(context, AuditTopology.SERIES),
              store(context, AuditTopology.GAPS),
              new SeriesBook.Terms(
                  terms.generation(),
                  terms.lateness().toMillis(),
                  terms.seriesKept().toMillis(),
                  MAX_GAPS));
      counts.lost(number, series.lost());
    }

    private static KeyValueStore<Bytes, byte[]> store(
        ProcessorContext<ToldKey, byte[]> context, String name) {
      return context.getStateStore(name);
    }

    /** A record that is no event or is misplaced is set aside and changes nothing. */
    void process(Record<byte[], Arrived> record) {
      Audited event = record.value().event();
      String fault = event == null ? record.value().fault() : placement.fault(record.key(), event);
      if (event == null || fault != null) {
        deadLetters.setAside(record, fault);
      } else {
        audit(event, record.timestamp());
      }
    }

    private void audit(Audited audited, long appendMillis) {
      hasNews = true;
      progress.read(appendMillis);
      switch (audited) {
        case Audited.Decided(var event) -> {
          trace.read();
          if (series.accept(event.position(), appendMillis, progress.beganUnseen())) {
            minutes.count(event);
            counts.decision();
            if (progress.isLate(event.decidedAtMicros())) {
              counts.late();
            }
          } else {
            counts.duplicate();
          }
        }
        case Audited.Adjusted(var event) -> {
          if (!series.accept(event.position(), appendMillis, progress.beganUnseen())) {
            counts.duplicate();
          }
        }
        case Audited.Told(var ledger) -> series.tell(ledger, appendMillis, progress.beganUnseen());
      }
      progress.save();
      if (minutes.untold() >= MAX_UNTOLD) {
        tellChanges();
      }
    }

    void tellChanges() {
      if (hasNews) {
        trace.tell(this::tellNews);
      }
    }

    private void tellNews() {
      minutes.tellChanges(this::tell);
      progress.told();
      if (progress.isTimeToSweep()) {
        series.sweep(progress.appendHighMillis(), this);
      }
      series.tellChanges(this);
      minutes.removeClosed(REMOVE_AT_MOST);
      tell(watermark());
      progress.save();
      hasNews = false;
      counts.lost(number, series.lost());
    }

    private Watermark watermark() {
      return new Watermark(
          number,
          terms.generation(),
          progress.revision(),
          terms.partitions(),
          progress.appendHighMillis(),
          progress.closedBefore(),
          progress.wholeFrom());
    }

    private void tell(BlockRateRecord value) {
      forward(AuditTopology.BLOCK_RATES, writer.key(value), writer.value(value));
    }

    @Override
    public void report(SeriesReport report) {
      forward(
          AuditTopology.COMPLETENESS,
          writer.seriesKey(report.instance(), report.epoch(), report.partition()),
          writer.series(report));
    }

    @Override
    public void forget(String instance, String epoch, int partition) {
      forward(AuditTopology.COMPLETENESS, writer.seriesKey(instance, epoch, partition), null);
    }

    @Override
    public void newlyLost(long numbers) {
      counts.newlyLost(numbers);
    }

    /** With today's time: retention must not take what a replay of old records tells. */
    private void forward(String sink, byte[] key, byte @Nullable [] value) {
      ToldKey told = new ToldKey(number, Bytes.wrap(key));
      context.forward(tombstoneOr(told, value, context.currentSystemTimeMs()), sink);
    }

    @SuppressWarnings("NullAway") // Kafka's own types do not say that a value may be null.
    private static Record<ToldKey, byte[]> tombstoneOr(
        ToldKey key, byte @Nullable [] value, long timestamp) {
      return new Record<>(key, value, timestamp);
    }
  }
}
