package io.ratelimiter.service.page;

import io.ratelimiter.runtime.RepeatedTask;
import io.ratelimiter.service.rules.live.RulesUnavailableException;
import io.ratelimiter.service.rules.store.InstanceBoard;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Records every 5 s which rules this instance applies, for the pages of all instances. */
final class InstanceNotes implements SmartLifecycle {

  static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(InstanceNotes.class);

  private final InstanceBoard board;
  private final String instance;
  private final RepeatedTask repeated = new RepeatedTask("instance-notes", INTERVAL, this::note);

  InstanceNotes(InstanceBoard board, String instance) {
    this.board = board;
    this.instance = instance;
  }

  @Override
  public void start() {
    repeated.start();
  }

  private void note() {
    try {
      board.note(instance);
    } catch (RulesUnavailableException e) {
      log.debug(
          "This instance was not recorded for the pages of the others; /health reports the database",
          e);
    }
  }

  @Override
  public void stop() {
    repeated.stop();
  }

  @Override
  public boolean isRunning() {
    return repeated.running();
  }
}
