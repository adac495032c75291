package io.ratelimiter.service.page;

import io.ratelimiter.service.rules.InstanceBoard;
import io.ratelimiter.service.rules.RulesUnavailableException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Lets every page see this instance: notes every few seconds what rules it obeys. */
final class InstanceNotes implements SmartLifecycle {

  static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(InstanceNotes.class);

  private final InstanceBoard board;
  private final String instance;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile boolean running;

  InstanceNotes(InstanceBoard board, String instance) {
    this.board = board;
    this.instance = instance;
  }

  @Override
  public void start() {
    running = true;
    Thread.ofVirtual().name("instance-notes").start(this::run);
  }

  private void run() {
    try {
      do {
        note();
      } while (!stopping.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void note() {
    try {
      board.note(instance);
    } catch (RulesUnavailableException e) {
      log.debug("Nobody else sees this instance now; health tells of the database", e);
    }
  }

  @Override
  public void stop() {
    stopping.countDown();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
