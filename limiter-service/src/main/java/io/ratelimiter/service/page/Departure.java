package io.ratelimiter.service.page;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the container from using a response for the next caller while this thread still writes to
 * it: when the caller goes, the writer is interrupted and waited for.
 */
final class Departure implements AsyncListener {

  private static final long LONGEST_SECONDS = 2;

  private final Thread writer = Thread.currentThread();
  private final CountDownLatch left = new CountDownLatch(1);

  /** The writer touches the response no more. */
  void leave() {
    left.countDown();
  }

  @Override
  public void onError(AsyncEvent event) {
    writer.interrupt();
    try {
      var _ = left.await(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onComplete(AsyncEvent event) {
    // The writer has left by itself.
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    // There is none.
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // Nothing starts it again.
  }
}
