package io.ratelimiter.service.decisions;

import io.ratelimiter.service.decisions.spool.SpoolFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backlog on disk: takes events through a bounded queue, so that no caller ever touches the
 * disk, and lets one thread do the {@link SpoolWork}.
 */
final class Spool implements Backlog {

  private static final Logger log = LoggerFactory.getLogger(Spool.class);
  private static final int BATCH = 1_000;
  private static final Duration IDLE = Duration.ofMillis(50);
  private static final Duration GATHER = Duration.ofMillis(5);
  private static final Duration NOTE = Duration.ofSeconds(3);
  private static final Duration LAST_WORK = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration IMPATIENCE = Duration.ofSeconds(10);

  private final SpoolWork work;
  private final EventCounts counts;
  private final SpoolQueue queue = new SpoolQueue();
  private final CountDownLatch publishedNoted = new CountDownLatch(1);
  private final Thread thread;
  private volatile long impatientUntilNanos = System.nanoTime();
  private volatile boolean publishing;
  private volatile boolean closing;

  /**
   * An event that waits for the disk.
   *
   * @param handed whether Kafka may have it all the same
   */
  record Waiting(OutgoingEvent event, boolean handed) {}

  Spool(SpoolWork work, EventCounts counts) {
    this.work = work;
    this.counts = counts;
    this.thread = Thread.ofPlatform().daemon().name("decisions-spool").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  @Override
  public void take(OutgoingEvent event, boolean handed) {
    counts.inFlight.incrementAndGet();
    Waiting waiting = new Waiting(event, handed);
    if (closing) {
      work.giveUp(waiting, DropReason.STOPPED);
    } else if (!queue.offer(waiting) && !(handed && offerPatiently(waiting))) {
      work.giveUp(waiting, DropReason.SPOOL_QUEUE_FULL);
    }
  }

  /**
   * What Kafka may have comes from the producer's own thread, all at once when Kafka went, and that
   * thread may wait for the disk; but not again and again for one that hangs.
   */
  private boolean offerPatiently(Waiting waiting) {
    if (System.nanoTime() - impatientUntilNanos < 0) {
      return false;
    }
    try {
      boolean taken = queue.offer(waiting, PATIENCE);
      if (!taken) {
        impatientUntilNanos = System.nanoTime() + IMPATIENCE.toNanos();
      }
      return taken;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Notes on disk that numbers of this epoch may reach Kafka from now on. Waits for the disk, but
   * not for ever: a broken disk must not keep decisions from Kafka.
   */
  void notePublishing() {
    publishing = true;
    try {
      if (!publishedNoted.await(NOTE.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("Publishing begins without a note of it in the spool");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether nothing waits for the disk and nothing lies on it. */
  boolean isEmpty() {
    return queue.isEmpty() && counts.spooled.get() == 0;
  }

  /**
   * Writes what still waits, notes the last counts and closes the file. Blocks for some seconds at
   * most.
   *
   * @param closed whether the topic was told that this epoch is closed
   */
  void stop(boolean closed) {
    closing = true;
    work.epochClosed(closed);
    try {
      thread.join(LAST_WORK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Waiting late = queue.poll(); late != null; late = queue.poll()) {
      work.giveUp(late, DropReason.STOPPED);
    }
  }

  private void run() {
    while (!closing || !queue.isEmpty()) {
      try {
        work.append(gather());
        if (publishing && publishedNoted.getCount() > 0 && work.notePublishing()) {
          publishedNoted.countDown();
        }
        work.goOn();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      } catch (RuntimeException e) {
        log.error("The spool goes on after a fault", e);
      }
    }
    finish();
  }

  private void finish() {
    try {
      work.finish();
    } catch (RuntimeException e) {
      log.error("The spool could not be closed in order", e);
    }
  }

  /** Waits for an event, then a little for those that follow, so that they share a commit. */
  private List<Waiting> gather() throws InterruptedException {
    List<Waiting> batch = new ArrayList<>();
    Waiting next = queue.poll(IDLE);
    if (next != null && queue.size() < BATCH) {
      LockSupport.parkNanos(GATHER.toNanos());
    }
    int bytes = 0;
    while (next != null) {
      batch.add(next);
      bytes += next.event().value().length;
      next = batch.size() < BATCH && bytes < SpoolFile.BATCH_BYTES ? queue.poll() : null;
    }
    return batch;
  }
}
