package io.ratelimiter.auditor.streams;

import io.ratelimiter.auditor.topology.AuditCounts;
import java.util.concurrent.atomic.AtomicInteger;

/** Throws for the first decisions, after their rows are changed. */
final class FailingCounts implements AuditCounts {

  private final AtomicInteger left;

  FailingCounts(int faults) {
    left = new AtomicInteger(faults);
  }

  @Override
  public void decision() {
    if (left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new IllegalStateException("a fault of the test");
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
  public void lost(String topic, int partition, long numbers) {}
}
