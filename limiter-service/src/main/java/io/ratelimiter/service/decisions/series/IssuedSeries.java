package io.ratelimiter.service.decisions.series;

import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.schemas.SeriesPosition;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Issues the numbers of one (instance, epoch, partition) and counts their outcomes. Thread-safe; a
 * number is issued without a lock.
 */
public final class IssuedSeries {

  private final EpochName epoch;
  private final int partition;
  private final AtomicLong issued;
  private volatile @Nullable Long begunMicros;
  private final SettledNumbers settled = new SettledNumbers();
  private long acked;
  private long spooled;
  private long dropped;
  private long neverSent;

  /**
   * A series that continues from these counts.
   *
   * @param begunMicros when it began, microseconds since 1970; null if unknown
   */
  IssuedSeries(EpochName epoch, SeriesCounts counts, @Nullable Long begunMicros) {
    this.epoch = epoch;
    this.partition = counts.partition();
    this.issued = new AtomicLong(counts.issued());
    this.acked = counts.acked();
    this.dropped = counts.dropped();
    this.neverSent = counts.neverSent();
    this.spooled = counts.spooled();
    this.begunMicros = begunMicros;
  }

  /** Id of its epoch. */
  public String epoch() {
    return epoch.id();
  }

  /** The topic of which {@link #partition} is one. */
  public String topic() {
    return epoch.topic();
  }

  public int partition() {
    return partition;
  }

  /** Issues the next number. */
  public long issue() {
    return issued.incrementAndGet();
  }

  /** Numbers issued so far. */
  long issued() {
    return issued.get();
  }

  /** Issues the next number to a decision of an earlier epoch. */
  public long issueToEarlier() {
    begunMicros = null;
    return issue();
  }

  public SeriesPosition position(long seq) {
    return new SeriesPosition(epoch.instance(), epoch.id(), partition, seq, epoch.region());
  }

  /** Kafka acknowledged an event that was not spooled. */
  public synchronized void acked(long seq) {
    acked++;
    settled.settle(seq, false);
  }

  /** An event was written to disk; its number is not settled. */
  public synchronized void spooled() {
    spooled++;
  }

  /** Kafka acknowledged a spooled event. */
  public synchronized void replayed(long seq) {
    spooled--;
    acked(seq);
  }

  /**
   * An event that was not spooled is dropped.
   *
   * @param neverSent whether Kafka never received it, or refused it
   */
  public synchronized void dropped(long seq, boolean neverSent) {
    dropped++;
    this.neverSent += neverSent ? 1 : 0;
    settled.settle(seq, neverSent);
  }

  /** A spooled event is dropped. */
  public synchronized void droppedFromSpool(long seq, boolean neverSent) {
    spooled--;
    dropped(seq, neverSent);
  }

  /** Counts spooled events that the disk lost as dropped; their numbers stay unsettled. */
  public synchronized void lostOnDisk(long spooledNow) {
    dropped += spooled - spooledNow;
    spooled = spooledNow;
  }

  /** The counts to store. */
  public synchronized SeriesCounts counts() {
    return new SeriesCounts(partition, issued.get(), acked, dropped, neverSent, spooled);
  }

  /** The ledger of a series that continues. */
  public synchronized LedgerEvent ledger() {
    return ledger(settled.upTo(), settled.neverSent(), null);
  }

  /**
   * The last ledger of a series with no event in flight or on disk: every number is settled.
   *
   * @param unknownTail whether more numbers may have been issued than are counted
   */
  public synchronized LedgerEvent lastLedger(boolean unknownTail) {
    return ledger(issued.get(), neverSent, unknownTail);
  }

  private LedgerEvent ledger(long settledSeq, long settledDropped, @Nullable Boolean unknownTail) {
    return new LedgerEvent(
        epoch.instance(),
        epoch.id(),
        partition,
        issued.get(),
        acked,
        spooled,
        dropped,
        settledSeq,
        settledDropped,
        unknownTail != null,
        unknownTail,
        epoch.region(),
        null,
        begunMicros);
  }
}
