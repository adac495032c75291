package io.ratelimiter.auditor.topology;

import io.ratelimiter.auditor.topology.AuditTerms.ClientDetail;
import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * How far the audit of one partition has come. Time is the append time of its records, so that a
 * second run over the same log comes to the same end.
 */
final class Progress {

  private static final Bytes KEY = Bytes.wrap(new byte[] {0});
  private static final int BYTES = 8 * Long.BYTES + 2;
  private static final long MINUTE_MILLIS = 60_000;
  private static final long MICROS = 1_000;

  private final KeyValueStore<Bytes, byte[]> store;
  private final long latenessMillis;

  private boolean beganUnseen;
  private boolean blockedOnly;
  private long wholeFrom;
  private long appendHighMillis;
  private long changes;
  private long toldChanges;
  private long oldestUntold = Long.MAX_VALUE;
  private long removedBefore;
  private long sweptMillis;
  private long revision;

  Progress(KeyValueStore<Bytes, byte[]> store, AuditTerms terms, int partition) {
    this.store = store;
    this.latenessMillis = terms.lateness().toMillis();
    this.blockedOnly = terms.detail() == ClientDetail.BLOCKED;
    this.wholeFrom = terms.beginning().wholeFrom();
    this.beganUnseen = terms.beginning().trimmed().contains(partition);
    byte[] bytes = store.get(KEY);
    if (bytes != null) {
      read(ByteBuffer.wrap(bytes));
    }
  }

  private void read(ByteBuffer in) {
    beganUnseen = in.get() != 0;
    blockedOnly = in.get() != 0;
    wholeFrom = in.getLong();
    appendHighMillis = in.getLong();
    changes = in.getLong();
    toldChanges = in.getLong();
    oldestUntold = in.getLong();
    removedBefore = in.getLong();
    sweptMillis = in.getLong();
    revision = in.getLong();
  }

  void save() {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    out.put((byte) (beganUnseen ? 1 : 0)).put((byte) (blockedOnly ? 1 : 0));
    out.putLong(wholeFrom).putLong(appendHighMillis).putLong(changes).putLong(toldChanges);
    out.putLong(oldestUntold).putLong(removedBefore).putLong(sweptMillis).putLong(revision);
    store.put(KEY, out.array());
  }

  /** Notes that a record of this append time is read. */
  void read(long appendMillis) {
    appendHighMillis = Math.max(appendHighMillis, appendMillis);
  }

  /** Whether an event of this time is counted in the minute of its arrival. */
  boolean isLate(long eventMicros) {
    long eventMillis = eventMicros / MICROS;
    return eventMillis < appendHighMillis - latenessMillis
        || eventMillis > appendHighMillis + AuditTerms.AHEAD.toMillis();
  }

  /** The minute (seconds since 1970) in which an event of this time is counted. */
  long minuteOf(long eventMicros) {
    return minute(isLate(eventMicros) ? appendHighMillis : eventMicros / MICROS);
  }

  /** No event can change a minute before this one (seconds since 1970) any more. */
  long closedBefore() {
    return minute(Math.max(0, appendHighMillis - latenessMillis));
  }

  private static long minute(long millis) {
    return millis / MINUTE_MILLIS * MINUTE_MILLIS / 1_000;
  }

  /** Numbers the change of a row of this minute. */
  long change(long windowStart) {
    oldestUntold = Math.min(oldestUntold, windowStart);
    return ++changes;
  }

  /** All changes are told. */
  void told() {
    toldChanges = changes;
    oldestUntold = Long.MAX_VALUE;
    revision++;
  }

  boolean hasUntold() {
    return toldChanges < changes;
  }

  /** Whether a row that was changed then has not been told since. */
  boolean isUntold(long changedAt) {
    return changedAt > toldChanges;
  }

  /** No row of a minute before this one has changed since all was told. */
  long oldestUntold() {
    return oldestUntold;
  }

  /** Whether a minute of append time went by since this was last true. */
  boolean isTimeToSweep() {
    if (appendHighMillis < sweptMillis + MINUTE_MILLIS) {
      return false;
    }
    sweptMillis = appendHighMillis;
    return true;
  }

  long removedBefore() {
    return removedBefore;
  }

  void removedBefore(long windowStart) {
    removedBefore = windowStart;
  }

  boolean beganUnseen() {
    return beganUnseen;
  }

  /**
   * Whether only blocked decisions are kept by client. As it was when this partition was begun: a
   * row that was counted half one way and half the other would be neither.
   */
  boolean blockedOnly() {
    return blockedOnly;
  }

  long wholeFrom() {
    return wholeFrom;
  }

  long appendHighMillis() {
    return appendHighMillis;
  }

  long revision() {
    return revision;
  }
}
