package io.ratelimiter.service.limiter.resilience;

import io.ratelimiter.service.limiter.StoreUnavailableException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One permit that all checks of a batch share: when the store does not answer, all of them fail at
 * once, which is one failure. It is released with the last of them.
 */
final class BatchPermit implements StoreBreaker.Permit {

  private final Supplier<StoreBreaker.@Nullable Permit> acquisition;

  /** Checks that have not ended, plus one until all are sent. */
  private final AtomicInteger open = new AtomicInteger(1);

  private volatile boolean succeeded;
  private volatile @Nullable StoreUnavailableException dropped;
  private boolean acquired;
  private StoreBreaker.@Nullable Permit permit;

  /** A permit that is acquired from the breaker with the first check. */
  BatchPermit(Supplier<StoreBreaker.@Nullable Permit> acquisition) {
    this.acquisition = acquisition;
  }

  /**
   * The permit for one more check, on the thread that sends them; null when the breaker denies it.
   */
  StoreBreaker.@Nullable Permit tryAcquire() {
    if (!acquired) {
      acquired = true;
      permit = acquisition.get();
    }
    if (permit == null) {
      return null;
    }
    open.incrementAndGet();
    return this;
  }

  @Override
  public void onSuccess() {
    succeeded = true;
    close();
  }

  @Override
  public void onIgnore() {
    close();
  }

  @Override
  public void onDropped(StoreUnavailableException failure) {
    dropped = failure;
    close();
  }

  /** No check will be added. */
  void allSent() {
    close();
  }

  /** One answer shows that the store is available. */
  private void close() {
    if (open.decrementAndGet() > 0 || permit == null) {
      return;
    }
    StoreUnavailableException failure = dropped;
    if (succeeded) {
      permit.onSuccess();
    } else if (failure != null) {
      permit.onDropped(failure);
    } else {
      permit.onIgnore();
    }
  }
}
