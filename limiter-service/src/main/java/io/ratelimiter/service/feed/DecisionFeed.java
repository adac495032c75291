package io.ratelimiter.service.feed;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.decisions.kafka.KafkaSettings;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the decisions of every instance as they are published. One reader, which exists only
 * while there is a watch, serves all watches. Thread-safe.
 */
public final class DecisionFeed implements AutoCloseable {

  /** Max concurrent watches. */
  public static final int MAX_WATCHES = 16;

  /** Max decisions parsed per second, about an eighth of a core; further ones are only counted. */
  public static final int MAX_PER_SECOND = 5_000;

  private static final Logger log = LoggerFactory.getLogger(DecisionFeed.class);

  private final KafkaSettings settings;

  /** A new list for each reader, since a stopped one still delivers its last poll. */
  private List<FeedWatch> watches = new CopyOnWriteArrayList<>();

  private @Nullable FeedReader reader;
  private boolean closed;

  public DecisionFeed(KafkaSettings settings) {
    this.settings = settings;
  }

  /**
   * Begins a watch of future decisions. Never blocks.
   *
   * @param filter selects the decisions to deliver; called on the reader's thread
   * @return empty when there are already {@value #MAX_WATCHES} watches, or the service stops
   */
  public synchronized Optional<FeedWatch> watch(Predicate<DecisionEvent> filter) {
    if (closed || watches.size() >= MAX_WATCHES) {
      return Optional.empty();
    }
    FeedWatch watch =
        new FeedWatch(
            filter,
            settings.configured() ? reader()::state : () -> FeedState.NOT_CONFIGURED,
            this::remove);
    watches.add(watch);
    return Optional.of(watch);
  }

  private FeedReader reader() {
    FeedReader current = reader;
    if (current == null) {
      log.info("Reading the decisions topic for the live view");
      watches = new CopyOnWriteArrayList<>();
      current = new FeedReader(settings, watches);
      current.start();
      reader = current;
    }
    return current;
  }

  private synchronized void remove(FeedWatch watch) {
    if (watches.remove(watch) && watches.isEmpty()) {
      stopReader();
    }
  }

  private void stopReader() {
    if (reader != null) {
      log.info("No live view is open: no longer reading the decisions topic");
      reader.stop();
      reader = null;
    }
  }

  /** Ends every watch. */
  @Override
  public synchronized void close() {
    closed = true;
    watches.clear();
    stopReader();
  }
}
