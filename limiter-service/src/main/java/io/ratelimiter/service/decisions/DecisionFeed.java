package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.DecisionEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows decisions as they come, of every instance: it reads the topic, and only while somebody
 * watches. One reader serves all watchers. Thread-safe.
 */
public final class DecisionFeed implements AutoCloseable {

  /** Watchers at a time. */
  public static final int MAX_WATCHERS = 16;

  /** Decisions looked into per second, about an eighth of a core; what is above is only counted. */
  public static final int MAX_PER_SECOND = 5_000;

  private static final Logger log = LoggerFactory.getLogger(DecisionFeed.class);

  private final boolean configured;
  private final KafkaSettings settings;

  /** Another list for each reader: one that is ending still tells what it polled last. */
  private List<FeedWatch> watches = new CopyOnWriteArrayList<>();

  private @Nullable FeedReader reader;
  private boolean closed;

  DecisionFeed(DecisionsProperties properties, KafkaSettings settings) {
    this.configured = properties.kafkaConfigured();
    this.settings = settings;
  }

  /**
   * Begins a watch, from now on. Never blocks.
   *
   * @param filter which decisions this watcher wants to see; runs on the reader's thread
   * @return empty when {@value #MAX_WATCHERS} watch already, or the service stops
   */
  public synchronized Optional<FeedWatch> watch(Predicate<DecisionEvent> filter) {
    if (closed || watches.size() >= MAX_WATCHERS) {
      return Optional.empty();
    }
    FeedWatch watch =
        new FeedWatch(
            filter, configured ? reader()::state : () -> FeedState.NOT_CONFIGURED, this::leave);
    watches.add(watch);
    return Optional.of(watch);
  }

  private FeedReader reader() {
    FeedReader there = reader;
    if (there == null) {
      log.info("Somebody watches: reading the decisions topic");
      watches = new CopyOnWriteArrayList<>();
      there = new FeedReader(settings, watches);
      there.start();
      reader = there;
    }
    return there;
  }

  private synchronized void leave(FeedWatch watch) {
    if (watches.remove(watch) && watches.isEmpty()) {
      end();
    }
  }

  private void end() {
    if (reader != null) {
      log.info("Nobody watches any more: the decisions topic is left alone");
      reader.stop();
      reader = null;
    }
  }

  /** Ends every watch. */
  @Override
  public synchronized void close() {
    closed = true;
    watches.clear();
    end();
  }
}
