package io.ratelimiter.service.api.servlet;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the container from giving a response to its next caller while a thread of ours may still
 * write to it: when the caller goes, the thread is told, and waited for.
 */
record ServingThread(Thread thread) implements AsyncListener {

  private static final Logger log = LoggerFactory.getLogger(ServingThread.class);

  private static final Duration LONGEST = Duration.ofMillis(500);

  @Override
  public void onError(AsyncEvent event) {
    thread.interrupt();
    try {
      if (!thread.join(LONGEST)) {
        log.warn("A thread still serves a caller who has gone: {}", thread);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onComplete(AsyncEvent event) {
    // The thread itself said so, as the last thing that it does.
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
