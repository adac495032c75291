package io.ratelimiter.auditor.topology;

import io.ratelimiter.schemas.Bounds;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.MinuteRow.Figures;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The running figures of one row, and their bytes in the store. */
final class Minute {

  private static final String FAILED_CLOSED = "store_unavailable";
  private static final int FIXED_BYTES = 15 * Long.BYTES + 1;

  private long revision;
  private long changedAt;
  private long allowed;
  private long blocked;
  private long error;
  private long degraded;
  private long late;
  private long shadowChecked;
  private long shadowBlocked;
  private long costAllowed;
  private long costBlocked;
  private long latencySumMicros;
  private long latencyMaxMicros;
  private long firstEventMicros = Long.MAX_VALUE;
  private long lastEventMicros = Long.MIN_VALUE;
  private final @Nullable Latencies latencies;

  private Minute(@Nullable Latencies latencies) {
    this.latencies = latencies;
  }

  /** Nothing counted yet. */
  static Minute empty(boolean withLatencies) {
    return new Minute(withLatencies ? new Latencies() : null);
  }

  static Minute decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    Minute minute = empty(in.get() != 0);
    minute.revision = in.getLong();
    minute.changedAt = in.getLong();
    minute.allowed = in.getLong();
    minute.blocked = in.getLong();
    minute.error = in.getLong();
    minute.degraded = in.getLong();
    minute.late = in.getLong();
    minute.shadowChecked = in.getLong();
    minute.shadowBlocked = in.getLong();
    minute.costAllowed = in.getLong();
    minute.costBlocked = in.getLong();
    minute.latencySumMicros = in.getLong();
    minute.latencyMaxMicros = in.getLong();
    minute.firstEventMicros = in.getLong();
    minute.lastEventMicros = in.getLong();
    if (minute.latencies != null) {
      minute.latencies.read(in);
    }
    return minute;
  }

  byte[] encode() {
    int size = FIXED_BYTES + (latencies == null ? 0 : latencies.size());
    ByteBuffer out = ByteBuffer.allocate(size);
    out.put((byte) (latencies == null ? 0 : 1));
    out.putLong(revision).putLong(changedAt);
    out.putLong(allowed).putLong(blocked).putLong(error).putLong(degraded).putLong(late);
    out.putLong(shadowChecked).putLong(shadowBlocked).putLong(costAllowed).putLong(costBlocked);
    out.putLong(latencySumMicros).putLong(latencyMaxMicros);
    out.putLong(firstEventMicros).putLong(lastEventMicros);
    if (latencies != null) {
      latencies.write(out);
    }
    return out.array();
  }

  /** Counts a decision in the row of the rule at the top of its answer. */
  void add(DecisionEvent event, boolean isLate) {
    if (event.allowed()) {
      allowed++;
      costAllowed = Bounds.sum(costAllowed, event.cost());
    } else if (FAILED_CLOSED.equals(event.reason())) {
      error++;
    } else {
      blocked++;
      costBlocked = Bounds.sum(costBlocked, event.cost());
    }
    degraded += event.degraded() ? 1 : 0;
    late += isLate ? 1 : 0;
    latencySumMicros = Bounds.sum(latencySumMicros, event.latencyMicros());
    latencyMaxMicros = Math.max(latencyMaxMicros, event.latencyMicros());
    if (latencies != null) {
      latencies.add(event.latencyMicros());
    }
    touch(event);
  }

  /** Counts what a shadow rule would have said. */
  void addShadow(DecisionEvent event, boolean wouldBlock) {
    shadowChecked++;
    shadowBlocked += wouldBlock ? 1 : 0;
    touch(event);
  }

  private void touch(DecisionEvent event) {
    revision++;
    firstEventMicros = Math.min(firstEventMicros, event.decidedAtMicros());
    lastEventMicros = Math.max(lastEventMicros, event.decidedAtMicros());
  }

  /** Remembers which change of the partition this was. */
  void changedAt(long change) {
    changedAt = change;
  }

  long changedAt() {
    return changedAt;
  }

  long revision() {
    return revision;
  }

  /**
   * The figures as told.
   *
   * @param blockedOnly leaves out what was not counted
   */
  Figures figures(boolean blockedOnly) {
    return new Figures(
        blockedOnly ? null : allowed,
        blocked,
        error,
        degraded,
        late,
        shadowChecked,
        shadowBlocked,
        blockedOnly ? null : costAllowed,
        costBlocked,
        latencySumMicros,
        latencyMaxMicros,
        firstEventMicros,
        lastEventMicros,
        latencies == null ? null : latencies.used());
  }
}
