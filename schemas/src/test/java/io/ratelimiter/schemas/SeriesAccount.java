package io.ratelimiter.schemas;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** What was heard of one series: its numbers, and the highest counts that its ledgers named. */
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

  /** Ledgers may come twice or late: only the highest counts matter. */
  void ledger(LedgerEvent ledger) {
    issued = Math.max(issued, ledger.issued());
    settledSeq = Math.max(settledSeq, ledger.settledSeq());
    settledDropped = Math.max(settledDropped, ledger.settledDropped());
    if (ledger.closed()) {
      closing = ledger;
    }
  }

  /** Numbers that stand on the topic. */
  public long received() {
    return numbers.cardinality();
  }

  /** The highest number seen or named. */
  public long issued() {
    return issued;
  }

  /** The highest {@code settled_dropped} named. */
  public long settledDropped() {
    return settledDropped;
  }

  /** The ledger that closed the series, or null while it is open. */
  public @Nullable LedgerEvent closing() {
    return closing;
  }

  /** Numbers missing up to the last that counts, less those that Kafka never got. */
  public long lost() {
    long upTo = closing == null ? settledSeq : issued;
    long there = numbers.get(0, Math.toIntExact(upTo) + 1).cardinality();
    return upTo - there - settledDropped;
  }
}
