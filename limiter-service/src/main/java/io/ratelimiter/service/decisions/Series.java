package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.schemas.SeriesPosition;
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

  /** Numbers given up that Kafka never got, or refused, settled or not. */
  synchronized long neverHanded() {
    return neverHanded;
  }

  /** What is known now, as the topic is told. */
  synchronized LedgerEvent ledger(boolean closed, @Nullable Boolean unknownTail) {
    return new LedgerEvent(
        instance,
        epoch,
        partition,
        issued.get(),
        acked,
        spooled,
        dropped,
        settled.upTo(),
        settled.neverHanded(),
        closed,
        unknownTail);
  }
}
