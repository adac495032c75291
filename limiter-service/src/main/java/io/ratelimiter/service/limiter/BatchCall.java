package io.ratelimiter.service.limiter;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks that are sent together, as one call to the breaker: when the store does not answer, all of
 * them fail at once. The call ends with the last of them.
 */
final class BatchCall implements StoreBreaker.Call {

  private final Supplier<StoreBreaker.@Nullable Call> beginning;

  /** Checks that have not ended, plus one until all are added. */
  private final AtomicInteger open = new AtomicInteger(1);

  private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
  private volatile boolean answered;
  private boolean asked;
  private StoreBreaker.@Nullable Call whole;

  BatchCall(Supplier<StoreBreaker.@Nullable Call> beginning) {
    this.beginning = beginning;
  }

  /**
   * Adds a check, on the thread that sends them; null when the breaker does not permit the call.
   */
  StoreBreaker.@Nullable Call begin() {
    if (!asked) {
      asked = true;
      whole = beginning.get();
    }
    if (whole == null) {
      return null;
    }
    open.incrementAndGet();
    return this;
  }

  @Override
  public void ended(@Nullable Throwable failure) {
    if (failure == null) {
      answered = true;
    } else if (failure instanceof StoreUnavailableException) {
      failed.set(failure);
    } else {
      failed.compareAndSet(null, failure);
    }
    close();
  }

  /** No check will be added. */
  void allBegun() {
    close();
  }

  /** One answer shows that the store is available. */
  private void close() {
    if (open.decrementAndGet() == 0 && whole != null) {
      whole.ended(answered ? null : failed.get());
    }
  }
}
