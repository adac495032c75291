package io.ratelimiter.service.feed;

import io.ratelimiter.schemas.Counter;
import io.ratelimiter.schemas.DecisionEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The decisions that one watch has not yet taken. Bounded: a slow watch loses the oldest, and
 * {@link News#missed} counts them. Closing it ends the watch. Thread-safe.
 */
public final class FeedWatch implements AutoCloseable {

  private static final int MAX_DECISIONS = 2_000;
  private static final int MAX_SECONDS = 120;

  /** All {@value DecisionFeed#MAX_WATCHES} watches together may use a 32nd of the heap. */
  private static final int SHARE_OF_HEAP = 32 * DecisionFeed.MAX_WATCHES;

  /** Memory of a decision without its limits and the characters of its names, bytes. */
  private static final int DECISION_BYTES = 800;

  private static final int LIMIT_BYTES = 300;

  /** Memory of a name or a value of an attribute without its characters, bytes. */
  private static final int TEXT_BYTES = 80;

  /**
   * What was added since the last call of {@link FeedWatch#next}.
   *
   * @param decisions that pass the watch's filter, oldest first
   * @param missed decisions that passed and were removed because the watch was too slow
   * @param seconds counts of all decisions, regardless of the filter
   */
  public record News(
      FeedState state, List<DecisionEvent> decisions, long missed, List<FeedSecond> seconds) {}

  private final Predicate<DecisionEvent> filter;
  private final Consumer<FeedWatch> onClose;
  private final List<DecisionEvent> decisions = new ArrayList<>();
  private final List<FeedSecond> seconds = new ArrayList<>();
  private final Supplier<FeedState> state;
  private final long maxBytes;
  private long bytes;
  private long missed;

  FeedWatch(
      Predicate<DecisionEvent> filter, Supplier<FeedState> state, Consumer<FeedWatch> onClose) {
    this(filter, state, onClose, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  /**
   * @param maxBytes max memory of the decisions that are not yet taken, bytes
   */
  FeedWatch(
      Predicate<DecisionEvent> filter,
      Supplier<FeedState> state,
      Consumer<FeedWatch> onClose,
      long maxBytes) {
    this.maxBytes = maxBytes;
    this.filter = filter;
    this.state = state;
    this.onClose = onClose;
  }

  /** Removes and returns everything; if there is nothing, blocks for up to {@code timeout}. */
  public synchronized News next(Duration timeout) throws InterruptedException {
    long endNanos = System.nanoTime() + timeout.toNanos();
    long leftMillis = timeout.toMillis();
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

  /** Adds the decisions that pass the filter. */
  synchronized void add(List<DecisionEvent> events) {
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

  /** Memory of a decision, bytes; two per character, since not every id is Latin-1. */
  private static int bytes(DecisionEvent event) {
    int characters = event.tenant().length() + event.clientId().length();
    characters += event.limitKey().length();
    int texts = 2 * event.attributes().size();
    for (Map.Entry<String, String> attribute : event.attributes().entrySet()) {
      characters += attribute.getKey().length() + attribute.getValue().length();
    }
    for (DecisionEvent.Limit limit : event.limits()) {
      characters += limit.rule().length() + limit.ruleTenant().length();
      characters += limit.ruleLimitKey().length();
      Counter counter = limit.counter();
      if (counter != null) {
        texts += 2 * counter.by().size();
        characters += characters(counter.by()) + characters(counter.values());
      }
    }
    return DECISION_BYTES
        + 2 * characters
        + TEXT_BYTES * texts
        + LIMIT_BYTES * event.limits().size();
  }

  private static int characters(List<String> texts) {
    int characters = 0;
    for (String text : texts) {
      characters += text.length();
    }
    return characters;
  }

  synchronized void add(FeedSecond second) {
    if (seconds.size() == MAX_SECONDS) {
      seconds.removeFirst();
    }
    seconds.add(second);
    notifyAll();
  }

  @Override
  public void close() {
    onClose.accept(this);
  }
}
