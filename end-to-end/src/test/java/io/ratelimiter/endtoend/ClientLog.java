package io.ratelimiter.endtoend;

import io.ratelimiter.endtoend.load.Answer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What callers were answered: the first of the three books. For one thread at a time. */
final class ClientLog implements Consumer<Answer> {

  private final Map<String, Boolean> verdicts = new HashMap<>();
  private final Map<String, Long> times = new HashMap<>();

  @Override
  public void accept(Answer answer) {
    verdicts.put(answer.decisionId(), answer.allowed());
    times.put(answer.decisionId(), answer.atNanos());
  }

  /** Verdict by decision id. */
  Map<String, Boolean> verdicts() {
    return verdicts;
  }

  /** The decisions that callers were given and the topic does not tell. */
  Set<String> missing(Set<String> told) {
    Set<String> missing = new HashSet<>(verdicts.keySet());
    missing.removeAll(told);
    return missing;
  }

  /** When the first and the last of these were answered, {@link System#nanoTime}. */
  LongSummaryStatistics answeredAt(Set<String> decisions) {
    return decisions.stream().mapToLong(times::get).summaryStatistics();
  }
}
