package io.ratelimiter.auditor.ops;

import io.ratelimiter.auditor.topology.AuditCounts;
import java.util.concurrent.atomic.AtomicInteger;

/** Throws a few times in the midst of a record, as a fault of our own would. */
final class Faulty implements AuditCounts {

  private final AtomicInteger left;

  Faulty(int faults) {
    left = new AtomicInteger(faults);
  }

  @Override
  public void decision() {
    if (left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new IllegalStateException("a fault of our own");
    }
  }

  @Override
  public void duplicate() {}

  @Override
  public void late() {}

  @Override
  public void deadLetter(String origin, String reason) {}

  @Override
  public void newlyLost(long numbers) {}

  @Override
  public void lost(int partition, long numbers) {}
}
