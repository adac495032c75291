package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.service.decisions.spool.EpochNote;
import io.ratelimiter.service.decisions.spool.SeriesNote;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one (instance, epoch, partition) and what became of them. Thread-safe; a number is
 * issued without a lock.
 */
final class Series {

  private final String instance;
  private final String epoch;
  private final int partition;
  private final AtomicLong issued;
  private final SettledNumbers settled = new SettledNumbers();
  private long acked;
  private long spooled;
  private long dropped;
  private long neverHanded;

  Series(String instance, String epoch, int partition) {
    this.instance = instance;
    this.epoch = epoch;
    this.partition = partition;
    this.issued = new AtomicLong();
  }

  /** The series of an earlier process, as far as it is known. */
  Series(EpochNote epoch, SeriesNote note) {
    this(epoch.instance(), epoch.id(), note.partition());
    issued.set(note.issued());
    acked = note.acked();
    dropped = note.dropped();
    neverHanded = note.neverHanded();
    spooled = note.spooled();
  }

  String epoch() {
    return epoch;
  }

  int partition() {
    return partition;
  }

  /** Gives out the next number. */
  long issue() {
    return issued.incrementAndGet();
  }

  SeriesPosition position(long seq) {
    return new SeriesPosition(instance, epoch, partition, seq);
  }

  /** Kafka confirmed a number that was not spooled. */
  synchronized void acked(long seq) {
    acked++;
    settled.settle(seq, false);
  }

  /** A number waits on disk: it is not settled. */
  synchronized void spooled() {
    spooled++;
  }

  /** Kafka confirmed a number that was spooled. */
  synchronized void replayed(long seq) {
    spooled--;
    acked(seq);
  }

  /**
   * A number that was not spooled is given up.
   *
   * @param neverHanded whether Kafka never got it, or refused it
   */
  synchronized void dropped(long seq, boolean neverHanded) {
    dropped++;
    this.neverHanded += neverHanded ? 1 : 0;
    settled.settle(seq, neverHanded);
  }

  /** A number that was spooled is given up. */
  synchronized void droppedFromSpool(long seq, boolean neverHanded) {
    spooled--;
    dropped(seq, neverHanded);
  }

  /** The disk lost some of what was spooled; which numbers these were is not known. */
  synchronized void lostOnDisk(long spooledNow) {
    dropped += spooled - spooledNow;
    spooled = spooledNow;
  }

  /** What is noted on disk. */
  synchronized SeriesNote note() {
    return new SeriesNote(partition, issued.get(), acked, dropped, neverHanded, spooled);
  }

  /** What the topic is told of a series that goes on. */
  synchronized LedgerEvent ledger() {
    return ledger(settled.upTo(), settled.neverHanded(), null);
  }

  /**
   * What the topic is told of a series in which nothing is under way any more: every number is
   * settled.
   *
   * @param unknownTail whether more may have been issued than is known
   */
  synchronized LedgerEvent lastLedger(boolean unknownTail) {
    return ledger(issued.get(), neverHanded, unknownTail);
  }

  private LedgerEvent ledger(long settledSeq, long settledDropped, @Nullable Boolean unknownTail) {
    return new LedgerEvent(
        instance,
        epoch,
        partition,
        issued.get(),
        acked,
        spooled,
        dropped,
        settledSeq,
        settledDropped,
        unknownTail != null,
        unknownTail);
  }
}
