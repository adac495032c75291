package io.ratelimiter.auditor.completeness;

import io.ratelimiter.schemas.Bounds;
import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.schemas.SeriesReport;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The series of one partition of the decisions topic: tells a number that came from one that came
 * before, and counts what is missing. State is a few numbers for each series, and its gaps.
 *
 * <p>At most {@code maxGaps} ranges are waited for. When there are more, the lowest range is given
 * up: its numbers count as overflowed and stay missing, and if one of them comes after all it
 * counts as a duplicate, because nobody knows any more that it is none: never twice is worth more
 * than always once.
 */
public final class SeriesBook {

  private final KeyValueStore<Bytes, byte[]> series;
  private final KeyValueStore<Bytes, byte[]> gaps;
  private final Terms terms;
  private final Set<Bytes> untold = new LinkedHashSet<>();
  private final Map<Bytes, Long> lost = new HashMap<>();

  /**
   * What a book goes by.
   *
   * @param generation stands in each report
   * @param silenceMillis append time without a word after which a series is closed
   * @param keptMillis append time for which a closed series is remembered: as long as the topic
   *     keeps records
   * @param maxGaps ranges of missing numbers that are waited for, for each series
   */
  public record Terms(int generation, long silenceMillis, long keptMillis, int maxGaps) {}

  /** Who hears of it. */
  public interface Audience {

    /** What is known now. */
    void report(SeriesReport report);

    /** The series is not remembered any more. */
    void forget(String instance, String epoch, int partition);

    /** So many numbers more than before are lost. */
    void newlyLost(long numbers);
  }

  /** Opens the book; all that stands in it is told once more, because the last word may be lost. */
  public SeriesBook(
      KeyValueStore<Bytes, byte[]> series, KeyValueStore<Bytes, byte[]> gaps, Terms terms) {
    this.series = series;
    this.gaps = gaps;
    this.terms = terms;
    try (KeyValueIterator<Bytes, byte[]> all = series.all()) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> entry = all.next();
        untold.add(entry.key);
        lost.put(entry.key, Series.decode(entry.value).lost(gapsOf(entry.key)));
      }
    }
  }

  /**
   * Notes that a number came.
   *
   * @param appendMillis append time of the record, milliseconds since 1970
   * @param beganUnseen whether the partition was read from above its first record
   * @return whether it came for the first time
   */
  public boolean accept(SeriesPosition position, long appendMillis, boolean beganUnseen) {
    Bytes key = key(position.instance(), position.epoch(), position.partition());
    Series known = known(key, beganUnseen);
    boolean first = note(key, known, position.seq());
    if (first) {
      known.received++;
      known.reopen(position.seq());
    } else {
      known.duplicate++;
    }
    heard(key, known, appendMillis);
    return first;
  }

  /** Notes what the publisher says of its series. */
  public void tell(LedgerEvent ledger, long appendMillis, boolean beganUnseen) {
    Bytes key = key(ledger.instance(), ledger.epoch(), ledger.partition());
    Series known = known(key, beganUnseen);
    known.tell(ledger);
    heard(key, known, appendMillis);
  }

  /**
   * Closes what has been silent for too long and forgets what is closed for longer than the topic
   * keeps records.
   *
   * @param highMillis highest append time seen, milliseconds since 1970
   */
  public void sweep(long highMillis, Audience audience) {
    try (KeyValueIterator<Bytes, byte[]> all = series.all()) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> entry = all.next();
        sweep(entry.key, Series.decode(entry.value), highMillis, audience);
      }
    }
  }

  private void sweep(Bytes key, Series known, long highMillis, Audience audience) {
    long silence = highMillis - known.lastWordMillis;
    if (!known.closed && silence >= terms.silenceMillis()) {
      known.closed = true;
      change(key, known);
    } else if (known.closed && silence >= terms.keptMillis()) {
      series.delete(key);
      gaps.delete(key);
      untold.remove(key);
      lost.remove(key);
      SeriesKey name = SeriesKey.decode(key);
      audience.forget(name.instance(), name.epoch(), name.partition());
    }
  }

  /** Tells what has changed since it was last told. */
  public void tellChanges(Audience audience) {
    for (Bytes key : untold) {
      Series known = Series.decode(series.get(key));
      long nowLost = known.lost(gapsOf(key));
      long wasLost = lost.getOrDefault(key, 0L);
      lost.put(key, nowLost);
      if (nowLost > wasLost) {
        audience.newlyLost(nowLost - wasLost);
      }
      audience.report(report(SeriesKey.decode(key), known, nowLost));
    }
    untold.clear();
  }

  /** Numbers that are lost in all series of this partition, as last told. */
  public long lost() {
    return lost.values().stream().mapToLong(Long::longValue).reduce(0, Bounds::sum);
  }

  private boolean note(Bytes key, Series known, long seq) {
    if (seq > known.highest) {
      if (seq > known.highest + 1) {
        keep(key, known, gapsOf(key).and(known.highest + 1, seq - 1));
      }
      known.firstSeen = known.highest == 0 ? seq : known.firstSeen;
      known.highest = seq;
      return true;
    }
    Optional<Gaps> filled = gapsOf(key).fill(seq);
    filled.ifPresent(left -> keep(key, known, left));
    return filled.isPresent();
  }

  private void keep(Bytes key, Series known, Gaps wanted) {
    Gaps kept = wanted;
    while (kept.ranges() > terms.maxGaps()) {
      known.overflowed += kept.lowestLast() - kept.lowestFirst() + 1;
      known.overflowedUpTo = kept.lowestLast();
      kept = kept.forgetLowest();
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

  private Series known(Bytes key, boolean beganUnseen) {
    byte[] bytes = series.get(key);
    Series known = Series.decode(bytes);
    if (bytes == null) {
      known.beganUnseen = beganUnseen;
    }
    return known;
  }

  private void heard(Bytes key, Series known, long appendMillis) {
    known.lastWordMillis = Math.max(known.lastWordMillis, appendMillis);
    change(key, known);
  }

  private void change(Bytes key, Series known) {
    known.revision++;
    series.put(key, known.encode());
    untold.add(key);
  }

  private static Bytes key(String instance, String epoch, int partition) {
    return new SeriesKey(instance, epoch, partition).encode();
  }

  private SeriesReport report(SeriesKey name, Series known, long lost) {
    return new SeriesReport(
        name.instance(),
        name.epoch(),
        name.partition(),
        terms.generation(),
        known.revision,
        known.named(),
        known.acked,
        known.spooled,
        known.dropped,
        known.settledSeq,
        known.settledDropped,
        known.received,
        lost,
        known.duplicate,
        known.overflowed,
        known.closed,
        known.unknownTail(),
        known.lastWordMillis);
  }
}
