package io.ratelimiter.auditor.topology;

import io.ratelimiter.auditor.completeness.StateVersion;
import io.ratelimiter.auditor.topology.AuditTerms.Bills;
import io.ratelimiter.auditor.topology.AuditTerms.ClientDetail;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Kind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The progress of one partition's audit: its time, and which changes are published. Time is the
 * append time of the records, so that a second run over the same log has the same results.
 */
final class Progress {

  /** The position of a setting is its code in the store. */
  private static final List<Bills> BILLS = List.of(Bills.OFF, Bills.TENANT, Bills.CLIENT);

  private static final Bytes KEY = Bytes.wrap(new byte[] {0});
  private static final int BYTES = 8 * Long.BYTES + 2 * Integer.BYTES + 4;
  private static final long MINUTE_MILLIS = 60_000;
  private static final long MICROS = 1_000;
  private static final long MINUTE_SECONDS = 60;

  /** Minutes of arrival of one part of a minute. */
  private static final int PART_MINUTES = 10;

  private final KeyValueStore<Bytes, byte[]> store;
  private final long latenessMillis;

  private boolean trimmed;
  private boolean blockedOnly;
  private Bills bills;
  private long wholeFrom;
  private long appendHighMillis;
  private long changes;
  private long publishedChanges;
  private int oldestUnpublished = Integer.MAX_VALUE;
  private int removedBefore;
  private long sweptMillis;
  private long revision;
  private long nextOffset;

  /**
   * Reads the progress of the partition; there is none before its first record.
   *
   * @throws IllegalStateException when the state has another version or another lateness
   */
  Progress(KeyValueStore<Bytes, byte[]> store, AuditTerms terms, int partition) {
    this.store = store;
    this.latenessMillis = terms.lateness().toMillis();
    this.blockedOnly = terms.detail() == ClientDetail.BLOCKED;
    this.bills = terms.bills();
    this.wholeFrom = terms.beginning().wholeFrom();
    this.trimmed = terms.beginning().trimmed().contains(partition);
    byte[] bytes = store.get(KEY);
    if (bytes != null) {
      read(StateVersion.read(bytes));
    }
  }

  private void read(ByteBuffer in) {
    requireLateness(in.getLong());
    trimmed = in.get() != 0;
    blockedOnly = in.get() != 0;
    bills = BILLS.get(in.get());
    wholeFrom = in.getLong();
    appendHighMillis = in.getLong();
    changes = in.getLong();
    publishedChanges = in.getLong();
    oldestUnpublished = in.getInt();
    removedBefore = in.getInt();
    sweptMillis = in.getLong();
    revision = in.getLong();
    nextOffset = in.getLong();
  }

  /**
   * With another lateness, rows of hours and days would have another {@link #fixedFrom}, which is
   * part of their keys: they would begin again from 0.
   */
  private void requireLateness(long storedMillis) {
    if (storedMillis != latenessMillis) {
      throw new IllegalStateException(
          "AUDIT_MAX_LATENESS_HOURS is %d, this run began with %d: raise AUDIT_GENERATION"
              .formatted(
                  Duration.ofMillis(latenessMillis).toHours(),
                  Duration.ofMillis(storedMillis).toHours()));
    }
  }

  void save() {
    ByteBuffer out = StateVersion.write(ByteBuffer.allocate(BYTES)).putLong(latenessMillis);
    out.put((byte) (trimmed ? 1 : 0)).put((byte) (blockedOnly ? 1 : 0));
    out.put((byte) BILLS.indexOf(bills));
    out.putLong(wholeFrom).putLong(appendHighMillis).putLong(changes).putLong(publishedChanges);
    out.putInt(oldestUnpublished).putInt(removedBefore).putLong(sweptMillis).putLong(revision);
    out.putLong(nextOffset);
    store.put(KEY, out.array());
  }

  /** Registers that the record at this offset is read. */
  void readRecord(long offset) {
    nextOffset = offset + 1;
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

  /**
   * The part of this minute (seconds since 1970) in which an event is counted now: 0 until ten
   * minutes after its end, then one for each further ten minutes. Time does not go back, so that a
   * part never changes after its ten minutes.
   */
  int partOf(long minute) {
    long millis = appendHighMillis - (minute + MINUTE_SECONDS) * 1_000;
    return (int) (Math.max(0, millis) / (PART_MINUTES * MINUTE_MILLIS));
  }

  /** The minute of append time (minutes since 1970) from which no event changes the row. */
  int fixedFrom(Dimensions row) {
    long end = (row.start() + row.kind().span().seconds()) / MINUTE_SECONDS;
    return (int)
        (row.kind().span() == Kind.Span.MINUTE
            ? end + (long) PART_MINUTES * (row.part() + 1)
            : end + Math.ceilDiv(latenessMillis, MINUTE_MILLIS));
  }

  /**
   * Rows with {@link #fixedFrom} before this minute (minutes since 1970) do not change any more.
   */
  int fixedBefore() {
    return (int) (appendHighMillis / MINUTE_MILLIS) + 1;
  }

  private static long minute(long millis) {
    return millis / MINUTE_MILLIS * MINUTE_MILLIS / 1_000;
  }

  /**
   * Registers a change of a row and returns the number of the change.
   *
   * @param fixedFrom of the row
   */
  long nextChange(int fixedFrom) {
    oldestUnpublished = Math.min(oldestUnpublished, fixedFrom);
    return ++changes;
  }

  /** Registers that all changes are published. */
  void published() {
    publishedChanges = changes;
    oldestUnpublished = Integer.MAX_VALUE;
    revision++;
  }

  boolean hasUnpublished() {
    return publishedChanges < changes;
  }

  /** Whether a row with this last change is not published. */
  boolean isUnpublished(long lastChange) {
    return lastChange > publishedChanges;
  }

  /** The lowest {@link #fixedFrom} of the rows with an unpublished change. */
  int oldestUnpublished() {
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

  /** All rows with a lower {@link #fixedFrom} are removed from the store. */
  int removedBefore() {
    return removedBefore;
  }

  void removedBefore(int fixedFrom) {
    removedBefore = fixedFrom;
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

  /** Whose bills are counted: the setting of the first run, too. */
  Bills bills() {
    return bills;
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

  /** Offset after the last record that was counted. */
  long nextOffset() {
    return nextOffset;
  }
}
