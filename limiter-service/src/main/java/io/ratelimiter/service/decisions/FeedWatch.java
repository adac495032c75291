package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.DecisionEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What one watcher has yet to see. Bounded: who reads slowly misses the oldest, and is told how
 * many. Closing it ends the watch.
 */
public final class FeedWatch implements AutoCloseable {

  private static final int MOST_DECISIONS = 2_000;
  private static final int MOST_SECONDS = 120;

  /**
   * What came since the last time.
   *
   * @param decisions that pass the watcher's filter, oldest first
   * @param missed how many passed and are not there, because the watcher was too slow
   * @param seconds figures of all decisions, whatever the filter
   */
  public record News(
      FeedState state, List<DecisionEvent> decisions, long missed, List<FeedSecond> seconds) {}

  private final Predicate<DecisionEvent> filter;
  private final Consumer<FeedWatch> atClose;
  private final List<DecisionEvent> decisions = new ArrayList<>();
  private final List<FeedSecond> seconds = new ArrayList<>();
  private final Supplier<FeedState> state;
  private long missed;

  FeedWatch(
      Predicate<DecisionEvent> filter, Supplier<FeedState> state, Consumer<FeedWatch> atClose) {
    this.filter = filter;
    this.state = state;
    this.atClose = atClose;
  }

  /** Takes what there is; waits up to {@code longest} for something to come. */
  public synchronized News next(Duration longest) throws InterruptedException {
    long endNanos = System.nanoTime() + longest.toNanos();
    long leftMillis = longest.toMillis();
    while (decisions.isEmpty() && seconds.isEmpty() && leftMillis > 0) {
      wait(leftMillis);
      leftMillis = Duration.ofNanos(endNanos - System.nanoTime()).toMillis();
    }
    News news = new News(state.get(), List.copyOf(decisions), missed, List.copyOf(seconds));
    decisions.clear();
    seconds.clear();
    missed = 0;
    return news;
  }

  /** Hands over one poll's worth; those that do not pass the filter are not kept. */
  synchronized void tell(List<DecisionEvent> events) {
    for (DecisionEvent event : events) {
      if (filter.test(event)) {
        decisions.add(event);
      }
    }
    int tooMany = decisions.size() - MOST_DECISIONS;
    if (tooMany > 0) {
      decisions.subList(0, tooMany).clear();
      missed += tooMany;
    }
    notifyAll();
  }

  synchronized void tell(FeedSecond second) {
    if (seconds.size() == MOST_SECONDS) {
      seconds.removeFirst();
    }
    seconds.add(second);
    notifyAll();
  }

  @Override
  public void close() {
    atClose.accept(this);
  }
}
