package io.ratelimiter.load.verdict;

import java.util.ArrayList;
import java.util.List;

/**
 * The result of verifying a run.
 *
 * @param answered number of answers
 * @param published number of distinct decisions on the topic
 * @param keys number of token buckets whose bound was verified
 * @param faults the faults found; empty if the run is clean
 */
public record Verdict(long answered, long published, int keys, List<String> faults) {

  public Verdict {
    faults = List.copyOf(faults);
  }

  /** This verdict with one more fault. */
  public Verdict with(String fault) {
    List<String> more = new ArrayList<>(faults);
    more.add(fault);
    return new Verdict(answered, published, keys, more);
  }

  /** Whether there are no faults. */
  public boolean clean() {
    return faults.isEmpty();
  }

  @Override
  public String toString() {
    return clean()
        ? "clean: %,d answered, %,d published, %,d buckets within their bound"
            .formatted(answered, published, keys)
        : "NOT CLEAN: " + String.join("; ", faults);
  }
}
