package io.ratelimiter.auditor.completeness;

import io.ratelimiter.schemas.Bounds;
import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.schemas.audit.SeriesReport;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Tracks the series of one partition of the decisions topic: detects duplicates and counts missing
 * numbers. The state of a series is a few counters and its gaps.
 *
 * <p>A series keeps at most {@code maxGaps} ranges of missing numbers. Beyond that the lowest range
 * is dropped: its numbers count as overflowed and stay missing, and one that is received later
 * counts as a duplicate, since it cannot be distinguished from one. Counting a decision never twice
 * takes precedence over counting each one.
 */
public final class SeriesTracker {

  private final KeyValueStore<Bytes, byte[]> series;
  private final KeyValueStore<Bytes, byte[]> gaps;
  private final Terms terms;
  private final Set<Bytes> unreported = new LinkedHashSet<>();
  private final Map<Bytes, Long> lost = new HashMap<>();

  /**
   * Parameters of a tracker.
   *
   * @param topic the decisions topic, part of each report
   * @param generation of the audit, part of each report
   * @param silenceMillis append time without a record after which a series is closed
   * @param keptMillis append time for which a closed series is kept: the topic's retention
   * @param maxGaps max ranges of missing numbers of a series
   */
  public record Terms(
      String topic, int generation, long silenceMillis, long keptMillis, int maxGaps) {}

  /**
   * An event with a number.
   *
   * @param late whether it is counted in the minute of its arrival instead of its own
   */
  public record Numbered(SeriesPosition position, long decidedAtMicros, boolean late) {}

  /** Receives the changes. */
  public interface Listener {

    /** A series changed. */
    void onReport(SeriesReport report);

    /** A series was removed. */
    void onRemoved(String instance, String epoch, int partition);

    /** More numbers than before are lost. */
    void onLost(long numbers);
  }

  /** Loads all series and reports them again, because the last reports may have been lost. */
  public SeriesTracker(
      KeyValueStore<Bytes, byte[]> series, KeyValueStore<Bytes, byte[]> gaps, Terms terms) {
    this.series = series;
    this.gaps = gaps;
    this.terms = terms;
    try (KeyValueIterator<Bytes, byte[]> all = series.all()) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> entry = all.next();
        unreported.add(entry.key);
        lost.put(entry.key, ReceivedSeries.decode(entry.value).lost(gapsOf(entry.key)));
      }
    }
  }

  /**
   * Accepts the number of an event.
   *
   * @param appendMillis append time of the record, milliseconds since 1970
   * @param trimmed whether the partition's first records were deleted before it was first read
   * @return whether the number was received for the first time
   */
  public boolean accept(Numbered event, long appendMillis, boolean trimmed) {
    SeriesPosition position = event.position();
    Bytes key = key(position.instance(), position.epoch(), position.partition());
    ReceivedSeries state = state(key, trimmed);
    long at = SeriesTimes.possible(event.decidedAtMicros(), appendMillis);
    boolean first = receive(key, state, position.seq(), at);
    if (first) {
      state.received++;
      state.reopen(position.seq());
      if (event.late()) {
        state.times.addLate(event.decidedAtMicros());
      }
    } else {
      state.duplicate++;
    }
    save(key, state, appendMillis);
    return first;
  }

  /** Accepts a ledger of a publisher; parameters as in the other method. */
  public void accept(LedgerEvent ledger, long appendMillis, boolean trimmed) {
    Bytes key = key(ledger.instance(), ledger.epoch(), ledger.partition());
    ReceivedSeries state = state(key, trimmed);
    state.apply(ledger);
    long after = state.times.last();
    long at = state.times.apply(ledger, appendMillis, ledger.issued() >= state.highest);
    if (state.highestKnown() > state.highest) {
      saveGaps(key, state, gapsOf(key).and(state.highest + 1, state.highestKnown(), after, at));
      state.highest = state.highestKnown();
    }
    save(key, state, appendMillis);
  }

  /**
   * Closes series without a record for {@code silenceMillis}, and removes closed series after
   * {@code keptMillis}.
   *
   * @param highMillis highest append time so far, milliseconds since 1970
   */
  public void sweep(long highMillis, Listener listener) {
    try (KeyValueIterator<Bytes, byte[]> all = series.all()) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> entry = all.next();
        sweep(entry.key, ReceivedSeries.decode(entry.value), highMillis, listener);
      }
    }
  }

  private void sweep(Bytes key, ReceivedSeries state, long highMillis, Listener listener) {
    long silence = highMillis - state.lastRecordMillis;
    if (!state.closed && silence >= terms.silenceMillis()) {
      state.closed = true;
      state.times.closedAt(state.lastRecordMillis + terms.silenceMillis());
      save(key, state);
    } else if (state.closed && silence >= terms.keptMillis()) {
      series.delete(key);
      gaps.delete(key);
      unreported.remove(key);
      lost.remove(key);
      SeriesKey name = SeriesKey.decode(key);
      listener.onRemoved(name.instance(), name.epoch(), name.partition());
    }
  }

  /** Reports the series that changed since the last call. */
  public void reportChanges(Listener listener) {
    for (Bytes key : unreported) {
      ReceivedSeries state = ReceivedSeries.decode(series.get(key));
      Gaps missing = gapsOf(key);
      long nowLost = state.lost(missing);
      long wasLost = lost.getOrDefault(key, 0L);
      lost.put(key, nowLost);
      if (nowLost > wasLost) {
        listener.onLost(nowLost - wasLost);
      }
      listener.onReport(report(SeriesKey.decode(key), state, nowLost, missing));
    }
    unreported.clear();
  }

  /** Numbers that are lost in all series of this partition, as last reported. */
  public long lost() {
    return lost.values().stream().mapToLong(Long::longValue).reduce(0, Bounds::sum);
  }

  private boolean receive(Bytes key, ReceivedSeries state, long seq, long at) {
    if (seq > state.highest) {
      if (seq > state.highest + 1) {
        Gaps known = gapsOf(key);
        saveGaps(key, state, known.and(state.highest + 1, seq - 1, state.times.last(), at));
      }
      state.highest = seq;
      state.times.received(at);
    } else {
      Gaps known = gapsOf(key);
      int range = known.rangeOf(seq);
      if (range < 0) {
        return false;
      }
      state.times.received(at, known.after(range), known.before(range));
      saveGaps(key, state, known.fill(range, seq, at));
    }
    state.firstSeen = state.firstSeen == 0 ? seq : state.firstSeen;
    return true;
  }

  private void saveGaps(Bytes key, ReceivedSeries state, Gaps all) {
    Gaps kept = all;
    while (kept.ranges() > terms.maxGaps()) {
      state.times.overflow(kept.after(0), kept.before(0), state.overflowed == 0);
      state.overflowed += kept.last(0) - kept.first(0) + 1;
      state.overflowedUpTo = kept.last(0);
      kept = kept.without(0);
    }
    if (kept.isEmpty()) {
      gaps.delete(key);
    } else {
      gaps.put(key, kept.encode());
    }
  }

  private Gaps gapsOf(Bytes key) {
    return Gaps.decode(gaps.get(key));
  }

  private ReceivedSeries state(Bytes key, boolean trimmed) {
    byte[] bytes = series.get(key);
    ReceivedSeries state = ReceivedSeries.decode(bytes);
    if (bytes == null) {
      state.trimmed = trimmed;
    }
    return state;
  }

  private void save(Bytes key, ReceivedSeries state, long appendMillis) {
    state.lastRecordMillis = Math.max(state.lastRecordMillis, appendMillis);
    save(key, state);
  }

  private void save(Bytes key, ReceivedSeries state) {
    state.revision++;
    series.put(key, state.encode());
    unreported.add(key);
  }

  private static Bytes key(String instance, String epoch, int partition) {
    return new SeriesKey(instance, epoch, partition).encode();
  }

  private SeriesReport report(SeriesKey name, ReceivedSeries state, long lost, Gaps missing) {
    return new SeriesReport(
        terms.topic(),
        name.instance(),
        name.epoch(),
        name.partition(),
        terms.generation(),
        state.revision,
        state.highestKnown(),
        state.acked,
        state.spooled,
        state.dropped,
        state.settledSeq,
        state.settledDropped,
        state.received,
        lost,
        state.duplicate,
        state.overflowed,
        state.closed,
        state.unknownTail(),
        state.lastRecordMillis,
        state.times.report(state, missing));
  }
}
