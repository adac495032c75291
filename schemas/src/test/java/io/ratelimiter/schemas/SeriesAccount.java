package io.ratelimiter.schemas;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** The received numbers of one series, and the highest counts of its ledgers. */
public final class SeriesAccount {

  private final BitSet numbers = new BitSet();
  private long issued;
  private long settledSeq;
  private long settledDropped;
  private @Nullable LedgerEvent closing;

  void number(long seq) {
    numbers.set(Math.toIntExact(seq));
    issued = Math.max(issued, seq);
  }

  /** Ledgers may be received twice or late: only the highest counts matter. */
  void ledger(LedgerEvent ledger) {
    issued = Math.max(issued, ledger.issued());
    settledSeq = Math.max(settledSeq, ledger.settledSeq());
    settledDropped = Math.max(settledDropped, ledger.settledDropped());
    if (ledger.closed()) {
      closing = ledger;
    }
  }

  /** Number of received numbers. */
  public long received() {
    return numbers.cardinality();
  }

  /** The highest number that was received or issued according to a ledger. */
  public long issued() {
    return issued;
  }

  /** The highest {@code settled_dropped} of a ledger. */
  public long settledDropped() {
    return settledDropped;
  }

  /** The ledger that closed the series, or null while it is open. */
  public @Nullable LedgerEvent closing() {
    return closing;
  }

  /** Numbers missing up to the settled one, or to the highest once closed, less the dropped. */
  public long lost() {
    long upTo = closing == null ? settledSeq : issued;
    long received = numbers.get(0, Math.toIntExact(upTo) + 1).cardinality();
    return upTo - received - settledDropped;
  }
}
