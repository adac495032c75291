package io.ratelimiter.auditor.topology;

import io.ratelimiter.auditor.topology.AuditTerms.ClientDetail;
import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The progress of one partition's audit: its time, and which changes are published. Time is the
 * append time of the records, so that a second run over the same log has the same results.
 */
final class Progress {

  private static final Bytes KEY = Bytes.wrap(new byte[] {0});
  private static final int BYTES = 8 * Long.BYTES + 2;
  private static final long MINUTE_MILLIS = 60_000;
  private static final long MICROS = 1_000;

  private final KeyValueStore<Bytes, byte[]> store;
  private final long latenessMillis;

  private boolean trimmed;
  private boolean blockedOnly;
  private long wholeFrom;
  private long appendHighMillis;
  private long changes;
  private long publishedChanges;
  private long oldestUnpublished = Long.MAX_VALUE;
  private long removedBefore;
  private long sweptMillis;
  private long revision;

  Progress(KeyValueStore<Bytes, byte[]> store, AuditTerms terms, int partition) {
    this.store = store;
    this.latenessMillis = terms.lateness().toMillis();
    this.blockedOnly = terms.detail() == ClientDetail.BLOCKED;
    this.wholeFrom = terms.beginning().wholeFrom();
    this.trimmed = terms.beginning().trimmed().contains(partition);
    byte[] bytes = store.get(KEY);
    if (bytes != null) {
      read(ByteBuffer.wrap(bytes));
    }
  }

  private void read(ByteBuffer in) {
    trimmed = in.get() != 0;
    blockedOnly = in.get() != 0;
    wholeFrom = in.getLong();
    appendHighMillis = in.getLong();
    changes = in.getLong();
    publishedChanges = in.getLong();
    oldestUnpublished = in.getLong();
    removedBefore = in.getLong();
    sweptMillis = in.getLong();
    revision = in.getLong();
  }

  void save() {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    out.put((byte) (trimmed ? 1 : 0)).put((byte) (blockedOnly ? 1 : 0));
    out.putLong(wholeFrom).putLong(appendHighMillis).putLong(changes).putLong(publishedChanges);
    out.putLong(oldestUnpublished).putLong(removedBefore).putLong(sweptMillis).putLong(revision);
    store.put(KEY, out.array());
  }

  /** Advances the time to a record's append time; an earlier one has no effect. */
  void advance(long appendMillis) {
    appendHighMillis = Math.max(appendHighMillis, appendMillis);
  }

  /** Whether an event of this time is counted in the minute of its arrival instead of its own. */
  boolean isLate(long eventMicros) {
    long eventMillis = eventMicros / MICROS;
    return eventMillis < appendHighMillis - latenessMillis
        || eventMillis > appendHighMillis + AuditTerms.AHEAD.toMillis();
  }

  /** The minute (seconds since 1970) in which an event of this time is counted. */
  long minuteOf(long eventMicros) {
    return minute(isLate(eventMicros) ? appendHighMillis : eventMicros / MICROS);
  }

  /** The first minute (seconds since 1970) that an event can still change. */
  long closedBefore() {
    return minute(Math.max(0, appendHighMillis - latenessMillis));
  }

  private static long minute(long millis) {
    return millis / MINUTE_MILLIS * MINUTE_MILLIS / 1_000;
  }

  /** Registers a change of a row of this minute and returns the number of the change. */
  long nextChange(long windowStart) {
    oldestUnpublished = Math.min(oldestUnpublished, windowStart);
    return ++changes;
  }

  /** Registers that all changes are published. */
  void published() {
    publishedChanges = changes;
    oldestUnpublished = Long.MAX_VALUE;
    revision++;
  }

  boolean hasUnpublished() {
    return publishedChanges < changes;
  }

  /** Whether a row with this last change is not published. */
  boolean isUnpublished(long lastChange) {
    return lastChange > publishedChanges;
  }

  /** The first minute (seconds since 1970) with an unpublished change. */
  long oldestUnpublished() {
    return oldestUnpublished;
  }

  /** Whether a minute of append time has passed since this method last returned true. */
  boolean isTimeToSweep() {
    if (appendHighMillis < sweptMillis + MINUTE_MILLIS) {
      return false;
    }
    sweptMillis = appendHighMillis;
    return true;
  }

  /** The minute (seconds since 1970) before which all rows are removed from the store. */
  long removedBefore() {
    return removedBefore;
  }

  void removedBefore(long windowStart) {
    removedBefore = windowStart;
  }

  /** Whether the partition's first records were deleted before it was first read. */
  boolean trimmed() {
    return trimmed;
  }

  /**
   * Whether rows by client have blocked decisions only. The setting of the first run over this
   * partition: a row that is counted under both settings would have wrong figures.
   */
  boolean blockedOnly() {
    return blockedOnly;
  }

  /** The first minute (seconds since 1970) whose rows are published. */
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
