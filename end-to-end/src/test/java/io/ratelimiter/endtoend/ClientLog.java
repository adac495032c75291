package io.ratelimiter.endtoend;

import io.ratelimiter.load.http.Answer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The answers that callers received. */
final class ClientLog implements Consumer<Answer> {

  private final Map<String, Received> received = new ConcurrentHashMap<>();

  private record Received(boolean allowed, long atNanos) {}

  @Override
  public void accept(Answer answer) {
    received.put(answer.decisionId(), new Received(answer.allowed(), answer.atNanos()));
  }

  /** Number of decisions received. */
  int size() {
    return received.size();
  }

  /** Verdict by decision id. */
  Map<String, Boolean> verdicts() {
    Map<String, Boolean> verdicts = HashMap.newHashMap(received.size());
    received.forEach((id, one) -> verdicts.put(id, one.allowed()));
    return verdicts;
  }

  /** Ids of received decisions that were not published. */
  Set<String> missing(Set<String> published) {
    Set<String> missing = new HashSet<>(received.keySet());
    missing.removeIf(published::contains);
    return missing;
  }

  /** When the first and the last of these were answered, {@link System#nanoTime}. */
  LongSummaryStatistics answeredAt(Set<String> decisions) {
    return decisions.stream()
        .mapToLong(id -> Objects.requireNonNull(received.get(id)).atNanos())
        .summaryStatistics();
  }
}
