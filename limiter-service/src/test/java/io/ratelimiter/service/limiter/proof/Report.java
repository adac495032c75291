package io.ratelimiter.service.limiter.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What was judged, what was left out for which reason, and the faults. Not thread-safe. */
public final class Report {

  /** Beyond this number faults are only counted. */
  private static final int FAULTS_KEPT = 20;

  private final String title;
  private final Map<String, Long> judged = new TreeMap<>();
  private final Map<String, Long> leftOut = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();
  private long faultCount;

  Report(String title, Map<String, Long> ignored) {
    this.title = title;
    leftOut.putAll(ignored);
  }

  void judged(String what) {
    judged.merge(what, 1L, Long::sum);
  }

  void leftOut(String what) {
    leftOut.merge(what, 1L, Long::sum);
  }

  void fault(String fault) {
    faultCount++;
    if (faults.size() < FAULTS_KEPT) {
      faults.add(fault);
    }
  }

  /** Number of {@code keys}, {@code charges}, {@code blocks} or {@code verdicts} judged. */
  public long judgedOf(String what) {
    return judged.getOrDefault(what, 0L);
  }

  /** What was left out, with the reason and the number. */
  public Map<String, Long> leftOut() {
    return Map.copyOf(leftOut);
  }

  /** Number of faults. */
  public long faultCount() {
    return faultCount;
  }

  /** The first faults. */
  public List<String> faults() {
    return List.copyOf(faults);
  }

  /** Whether something was judged and no fault was found. */
  public boolean holds() {
    return faultCount == 0 && judged.values().stream().anyMatch(count -> count > 0);
  }

  /** The report as text. */
  public String text() {
    String out = leftOut.isEmpty() ? "nothing" : join(leftOut, "; ");
    return title
        + (holds() ? ": holds" : ": " + faultCount + " faults")
        + "\n  judged: "
        + join(judged, ", ")
        + "\n  left out: "
        + out
        + faults.stream().map(fault -> "\n  - " + fault).collect(Collectors.joining());
  }

  private static String join(Map<String, Long> counts, String separator) {
    return counts.entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(separator));
  }

  @Override
  public String toString() {
    return text();
  }
}
