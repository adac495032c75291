package io.ratelimiter.auditor.topology;

import io.ratelimiter.schemas.Bounds;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.audit.MinuteRow.Figures;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The figures of one row so far, and their encoding in the store. */
final class Minute {

  private static final int FIXED_BYTES = 15 * Long.BYTES + 1;

  private long revision;
  private long lastChange;
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

  /** A row without events. */
  static Minute empty(boolean withLatencies) {
    return new Minute(withLatencies ? new Latencies() : null);
  }

  static Minute decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    Minute minute = empty(in.get() != 0);
    minute.revision = in.getLong();
    minute.lastChange = in.getLong();
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
    out.putLong(revision).putLong(lastChange);
    out.putLong(allowed).putLong(blocked).putLong(error).putLong(degraded).putLong(late);
    out.putLong(shadowChecked).putLong(shadowBlocked).putLong(costAllowed).putLong(costBlocked);
    out.putLong(latencySumMicros).putLong(latencyMaxMicros);
    out.putLong(firstEventMicros).putLong(lastEventMicros);
    if (latencies != null) {
      latencies.write(out);
    }
    return out.array();
  }

  /** Counts a decision in the row of its decisive rule. */
  void add(DecisionEvent event, boolean isLate) {
    if (event.allowed()) {
      allowed++;
      costAllowed = Bounds.sum(costAllowed, event.cost());
    } else if (isFailedClosed(event)) {
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

  /** Counts the verdict of a shadow rule. */
  void addShadow(DecisionEvent event, boolean wouldBlock) {
    shadowChecked++;
    shadowBlocked += wouldBlock ? 1 : 0;
    touch(event);
  }

  /** Whether the event was blocked because the store did not answer. */
  static boolean isFailedClosed(DecisionEvent event) {
    return DecisionEvent.STORE_UNAVAILABLE.equals(event.reason());
  }

  private void touch(DecisionEvent event) {
    revision++;
    firstEventMicros = Math.min(firstEventMicros, event.decidedAtMicros());
    lastEventMicros = Math.max(lastEventMicros, event.decidedAtMicros());
  }

  /** Sets the number of the row's last change among all changes of the partition. */
  void lastChange(long change) {
    lastChange = change;
  }

  long lastChange() {
    return lastChange;
  }

  long revision() {
    return revision;
  }

  /**
   * The figures as published.
   *
   * @param blockedOnly whether allowed decisions were not counted, so that their figures are null
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
        latencies == null ? null : latencies.published());
  }
}
