package io.ratelimiter.service.decisions.spool;

import io.ratelimiter.service.decisions.series.DropReason;
import io.ratelimiter.service.decisions.series.EventCounts;
import io.ratelimiter.service.decisions.series.OutgoingEvent;
import io.ratelimiter.service.decisions.spool.file.SpoolFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queues events that Kafka does not accept, in bounded memory, so that no caller waits for the
 * disk; one thread writes them with the {@link SpoolWorker}.
 */
public final class SpoolQueue {

  private static final Logger log = LoggerFactory.getLogger(SpoolQueue.class);
  private static final int BATCH = 1_000;
  private static final Duration IDLE = Duration.ofMillis(50);
  private static final Duration GATHER = Duration.ofMillis(5);
  private static final Duration MARK_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration OFFER_TIMEOUT = Duration.ofSeconds(1);

  /** Time after a timed-out offer within which no other offer waits. */
  private static final Duration OFFER_BACKOFF = Duration.ofSeconds(10);

  private final SpoolWorker worker;
  private final EventCounts counts;
  private final BoundedEventQueue queue = new BoundedEventQueue();
  private final CountDownLatch publishedMarked = new CountDownLatch(1);
  private final Thread thread;
  private volatile long backoffUntilNanos = System.nanoTime();
  private volatile boolean publishing;
  private volatile boolean closing;

  public SpoolQueue(SpoolWorker worker, EventCounts counts) {
    this.worker = worker;
    this.counts = counts;
    this.thread = Thread.ofPlatform().daemon().name("decisions-spool").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /**
   * Queues an event, or counts it as dropped. Never throws, and never blocks a caller of a check.
   *
   * @param maybeSent whether Kafka may have received the event; then this is called on the
   *     producer's own thread, which may block for a moment
   */
  public void take(OutgoingEvent event, boolean maybeSent) {
    counts.inFlight.incrementAndGet();
    QueuedEvent queued = new QueuedEvent(event, maybeSent);
    if (closing) {
      worker.drop(queued, DropReason.STOPPED);
    } else if (!queue.offer(queued) && !(maybeSent && offerBlocking(queued))) {
      worker.drop(queued, DropReason.SPOOL_QUEUE_FULL);
    }
  }

  /**
   * When Kafka stops, the producer's thread delivers all its events at once and may wait for the
   * disk; but not repeatedly for a disk that hangs.
   */
  private boolean offerBlocking(QueuedEvent queued) {
    if (System.nanoTime() - backoffUntilNanos < 0) {
      return false;
    }
    try {
      boolean taken = queue.offer(queued, OFFER_TIMEOUT);
      if (!taken) {
        backoffUntilNanos = System.nanoTime() + OFFER_BACKOFF.toNanos();
      }
      return taken;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Stores that numbers of this epoch may reach Kafka from now on. Blocks for at most 3 s: a broken
   * disk must not keep decisions from Kafka.
   */
  public void markPublished() {
    publishing = true;
    try {
      if (!publishedMarked.await(MARK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("Publishing begins although the spool could not record it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether no event waits for the disk or is on it. */
  public boolean isEmpty() {
    return queue.isEmpty() && counts.spooled.get() == 0;
  }

  /**
   * Writes the queued events, stores the last counts and closes the file. Blocks for at most 10 s.
   *
   * @param epochClosed whether Kafka acknowledged the last ledgers of this epoch
   */
  public void stop(boolean epochClosed) {
    closing = true;
    worker.epochClosed(epochClosed);
    try {
      thread.join(STOP_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (QueuedEvent late = queue.poll(); late != null; late = queue.poll()) {
      worker.drop(late, DropReason.STOPPED);
    }
  }

  private void run() {
    while (!closing || !queue.isEmpty()) {
      try {
        worker.append(gather());
        if (publishing && publishedMarked.getCount() > 0 && worker.markPublished()) {
          publishedMarked.countDown();
        }
        worker.runDueTasks();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      } catch (RuntimeException e) {
        log.error("The spool continues after an unexpected fault", e);
      }
    }
    finish();
  }

  private void finish() {
    try {
      worker.finish();
    } catch (RuntimeException e) {
      log.error("The spool could not be closed in order", e);
    }
  }

  /** Waits for an event, then briefly for those that follow, so that they share a commit. */
  private List<QueuedEvent> gather() throws InterruptedException {
    List<QueuedEvent> batch = new ArrayList<>();
    QueuedEvent next = queue.poll(IDLE);
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
