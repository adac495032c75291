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

/** What callers were answered: the first of the three books. */
final class ClientLog implements Consumer<Answer> {

  private final Map<String, Given> given = new ConcurrentHashMap<>();

  private record Given(boolean allowed, long atNanos) {}

  @Override
  public void accept(Answer answer) {
    given.put(answer.decisionId(), new Given(answer.allowed(), answer.atNanos()));
  }

  /** How many decisions callers were given. */
  int size() {
    return given.size();
  }

  /** Verdict by decision id. */
  Map<String, Boolean> verdicts() {
    Map<String, Boolean> verdicts = HashMap.newHashMap(given.size());
    given.forEach((id, one) -> verdicts.put(id, one.allowed()));
    return verdicts;
  }

  /** The decisions that callers were given and the topic does not tell. */
  Set<String> missing(Set<String> told) {
    Set<String> missing = new HashSet<>(given.keySet());
    missing.removeIf(told::contains);
    return missing;
  }

  /** When the first and the last of these were answered, {@link System#nanoTime}. */
  LongSummaryStatistics answeredAt(Set<String> decisions) {
    return decisions.stream()
        .mapToLong(id -> Objects.requireNonNull(given.get(id)).atNanos())
        .summaryStatistics();
  }
}
