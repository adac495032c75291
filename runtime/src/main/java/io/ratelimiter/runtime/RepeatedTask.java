package io.ratelimiter.runtime;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs a task immediately and again after each pause, on its own virtual thread, until it is
 * stopped. The task handles its failures: an exception ends the repetition. Can be started once.
 */
public final class RepeatedTask {

  private final String name;
  private final Duration pause;
  private final Runnable task;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile boolean running;

  /**
   * @param name the thread's name
   * @param pause from the end of one run to the start of the next
   */
  public RepeatedTask(String name, Duration pause, Runnable task) {
    this.name = name;
    this.pause = pause;
    this.task = task;
  }

  /** Returns at once. */
  public void start() {
    running = true;
    Thread.ofVirtual().name(name).start(this::repeat);
  }

  private void repeat() {
    try {
      do {
        task.run();
      } while (!stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts no further run; does not wait for a current run. */
  public void stop() {
    stopping.countDown();
    running = false;
  }

  /** Whether it was started and not stopped. */
  public boolean running() {
    return running;
  }
}
