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

  private static final int MAX_DECISIONS = 2_000;
  private static final int MAX_SECONDS = 120;

  /** All {@value DecisionFeed#MAX_WATCHERS} watchers together may use a 32nd of the heap. */
  private static final int SHARE_OF_HEAP = 32 * DecisionFeed.MAX_WATCHERS;

  /** Memory of a decision without its limits and the characters of its names. */
  private static final int DECISION_BYTES = 800;

  private static final int LIMIT_BYTES = 300;

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
  private final long maxBytes;
  private long bytes;
  private long missed;

  FeedWatch(
      Predicate<DecisionEvent> filter, Supplier<FeedState> state, Consumer<FeedWatch> atClose) {
    this(filter, state, atClose, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  /**
   * @param maxBytes max memory of the decisions that wait for the watcher, bytes
   */
  FeedWatch(
      Predicate<DecisionEvent> filter,
      Supplier<FeedState> state,
      Consumer<FeedWatch> atClose,
      long maxBytes) {
    this.maxBytes = maxBytes;
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
    bytes = 0;
    missed = 0;
    return news;
  }

  /** Hands over one poll's worth; those that do not pass the filter are not kept. */
  synchronized void tell(List<DecisionEvent> events) {
    for (DecisionEvent event : events) {
      if (filter.test(event)) {
        decisions.add(event);
        bytes += bytes(event);
      }
    }
    dropOldest();
    notifyAll();
  }

  private void dropOldest() {
    int tooMany = 0;
    while (decisions.size() - tooMany > MAX_DECISIONS || bytes > maxBytes) {
      bytes -= bytes(decisions.get(tooMany));
      tooMany++;
    }
    decisions.subList(0, tooMany).clear();
    missed += tooMany;
  }

  /** Memory of a decision, bytes; two for each character, since not every id is Latin-1. */
  private static int bytes(DecisionEvent event) {
    int characters = event.tenant().length() + event.clientId().length();
    characters += event.limitKey().length();
    for (DecisionEvent.Limit limit : event.limits()) {
      characters += limit.rule().length() + limit.ruleTenant().length();
      characters += limit.ruleLimitKey().length();
    }
    return DECISION_BYTES + 2 * characters + LIMIT_BYTES * event.limits().size();
  }

  synchronized void tell(FeedSecond second) {
    if (seconds.size() == MAX_SECONDS) {
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
