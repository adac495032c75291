package io.ratelimiter.auditor.topology.state;

import io.ratelimiter.auditor.completeness.StateVersion;
import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.audit.Kind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The figures and latencies of one row so far, and their encoding in the store. */
public final class CountedRow {

  private final Kind kind;
  private final Sums sums = new Sums();
  private final @Nullable Histogram latencies;
  private long lastChange;

  /** A row without events. */
  public CountedRow(Kind kind) {
    this.kind = kind;
    this.latencies = kind.hasLatencies() ? new Histogram() : null;
  }

  public static CountedRow decode(Kind kind, byte[] bytes) {
    ByteBuffer in = StateVersion.readRow(bytes);
    CountedRow row = new CountedRow(kind);
    row.lastChange = Varint.read(in);
    row.sums.read(FigureGroup.EVERY, kind, in);
    if (StateVersion.hasSpending(bytes)) {
      row.sums.read(FigureGroup.SPENDING, kind, in);
    }
    if (row.latencies != null) {
      row.latencies.read(in);
    }
    return row;
  }

  public byte[] encode() {
    int max = 1 + Varint.MAX_BYTES + Sums.maxBytes() + (latencies == null ? 0 : latencies.size());
    boolean hasSpending = sums.hasAny(FigureGroup.SPENDING, kind);
    ByteBuffer out = ByteBuffer.allocate(max);
    if (hasSpending) {
      StateVersion.writeWithSpending(out);
    } else {
      StateVersion.write(out);
    }
    Varint.write(lastChange, out);
    sums.write(FigureGroup.EVERY, kind, out);
    if (hasSpending) {
      sums.write(FigureGroup.SPENDING, kind, out);
    }
    if (latencies != null) {
      latencies.write(out);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  public Sums sums() {
    return sums;
  }

  public @Nullable Histogram latencies() {
    return latencies;
  }

  /** Counts a decision in a row that has it as its own. */
  public void add(DecisionEvent event, boolean isLate) {
    sums.add(event, isLate);
    if (latencies != null) {
      latencies.add(event.latencyMicros());
    }
  }

  /** Counts the verdict of a shadow rule. */
  public void addShadow(DecisionEvent event, boolean wouldBlock) {
    sums.addShadow(event, wouldBlock);
  }

  /** Counts a refund, a reset or a settlement. */
  public void add(AdjustmentEvent event) {
    sums.add(event);
  }

  /** Adds another row. */
  public void merge(CountedRow other) {
    sums.merge(other.sums);
    if (latencies != null && other.latencies != null) {
      latencies.merge(other.latencies);
    }
  }

  /** The number of its last change among all changes of the partition; 0 if it is published. */
  public long lastChange() {
    return lastChange;
  }

  public void lastChange(long change) {
    lastChange = change;
  }
}
