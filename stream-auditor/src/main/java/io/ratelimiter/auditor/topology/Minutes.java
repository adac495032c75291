package io.ratelimiter.auditor.topology;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.DecisionEvent.Limit;
import io.ratelimiter.schemas.DecisionEvent.Top;
import io.ratelimiter.schemas.audit.MinuteRow;
import io.ratelimiter.schemas.audit.MinuteRow.Dimensions;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The rows of one partition's minutes that events can still change. */
final class Minutes {

  private static final String SHADOW = "shadow";

  private final KeyValueStore<Bytes, byte[]> store;
  private final Progress progress;
  private final AuditTerms terms;
  private final int partition;

  /**
   * Rows that changed since the last publication, equal to those in the store, so that a row is
   * read once per publication. In memory only: the store has the number of each row's last change.
   */
  private final Map<Bytes, Minute> unpublished = new HashMap<>();

  Minutes(KeyValueStore<Bytes, byte[]> store, Progress progress, AuditTerms terms, int partition) {
    this.store = store;
    this.progress = progress;
    this.terms = terms;
    this.partition = partition;
    if (progress.hasUnpublished()) {
      findUnpublished();
    }
  }

  /** Finds the rows that a former run changed and did not publish. */
  private void findUnpublished() {
    Bytes from = RowKey.firstOf(progress.oldestUnpublished());
    try (KeyValueIterator<Bytes, byte[]> rows = store.range(from, null)) {
      while (rows.hasNext()) {
        KeyValue<Bytes, byte[]> row = rows.next();
        Minute minute = Minute.decode(row.value);
        if (progress.isUnpublished(minute.lastChange())) {
          unpublished.put(row.key, minute);
        }
      }
    }
  }

  /** Counts a decision in the rows of its decisive rule and of each shadow rule. */
  void count(DecisionEvent event) {
    long windowStart = progress.minuteOf(event.decidedAtMicros());
    boolean late = progress.isLate(event.decidedAtMicros());
    boolean blockedOnly = progress.blockedOnly();
    Top top = event.top();
    @Nullable Limit decisive = top == null ? null : limitOf(event, top);
    change(totalOf(windowStart, decisive), minute -> minute.add(event, late));
    if (!blockedOnly || isBlock(event)) {
      change(clientOf(windowStart, event, decisive), minute -> minute.add(event, late));
    }
    for (Limit limit : event.limits()) {
      if (SHADOW.equals(limit.mode()) && limit.verdict() != null) {
        boolean wouldBlock = !limit.verdict().allowed();
        change(totalOf(windowStart, limit), minute -> minute.addShadow(event, wouldBlock));
        if (!blockedOnly || wouldBlock) {
          change(
              clientOf(windowStart, event, limit), minute -> minute.addShadow(event, wouldBlock));
        }
      }
    }
  }

  private static boolean isBlock(DecisionEvent event) {
    return !event.allowed() && !Minute.isFailedClosed(event);
  }

  private static @Nullable Limit limitOf(DecisionEvent event, Top top) {
    for (Limit limit : event.limits()) {
      if (limit.ruleId() == top.ruleId()) {
        return limit;
      }
    }
    return null;
  }

  private static Dimensions totalOf(long windowStart, @Nullable Limit limit) {
    return limit == null
        ? new Dimensions(
            windowStart,
            DecisionEvent.NONE,
            null,
            DecisionEvent.NONE,
            DecisionEvent.NONE,
            DecisionEvent.NONE)
        : new Dimensions(
            windowStart,
            limit.ruleTenant(),
            null,
            limit.ruleLimitKey(),
            limit.rule(),
            limit.algorithm());
  }

  private static Dimensions clientOf(long windowStart, DecisionEvent event, @Nullable Limit limit) {
    return new Dimensions(
        windowStart,
        event.tenant(),
        event.clientId(),
        event.limitKey(),
        limit == null ? DecisionEvent.NONE : limit.rule(),
        limit == null ? DecisionEvent.NONE : limit.algorithm());
  }

  private void change(Dimensions dimensions, Consumer<Minute> change) {
    Bytes key = RowKey.encode(dimensions);
    Minute minute = unpublished.computeIfAbsent(key, k -> stored(k, dimensions));
    change.accept(minute);
    minute.lastChange(progress.nextChange(dimensions.windowStart()));
    store.put(key, minute.encode());
  }

  private Minute stored(Bytes key, Dimensions dimensions) {
    byte[] bytes = store.get(key);
    return bytes == null ? Minute.empty(dimensions.clientId() == null) : Minute.decode(bytes);
  }

  /** Number of rows that changed since the last publication. */
  int unpublished() {
    return unpublished.size();
  }

  /** Publishes the rows that changed since the last publication. */
  void publishChanges(Consumer<MinuteRow> publisher) {
    unpublished.forEach((key, minute) -> {
      if (RowKey.windowStart(key) >= progress.wholeFrom()) {
        publisher.accept(row(RowKey.decode(key), minute));
      }
    });
    unpublished.clear();
  }

  private MinuteRow row(Dimensions dimensions, Minute minute) {
    boolean blockedOnly = dimensions.clientId() != null && progress.blockedOnly();
    return new MinuteRow(
        dimensions, minute.figures(blockedOnly), partition, terms.generation(), minute.revision());
  }

  /**
   * Removes the rows of closed minutes from the store; all must be published.
   *
   * @param max max rows to remove; bounds the time
   */
  void removeClosed(int max) {
    long closedBefore = progress.closedBefore();
    Bytes from = RowKey.firstOf(progress.removedBefore());
    int left = max;
    long reached = closedBefore;
    try (KeyValueIterator<Bytes, byte[]> rows = store.range(from, RowKey.firstOf(closedBefore))) {
      while (rows.hasNext()) {
        Bytes key = rows.next().key;
        if (left-- == 0) {
          reached = RowKey.windowStart(key);
          break;
        }
        store.delete(key);
      }
    }
    progress.removedBefore(reached);
  }
}
