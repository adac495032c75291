package io.ratelimiter.load.verdict;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether a run was right.
 *
 * @param answered decisions that callers were given
 * @param told of them, those on the topic, each counted once
 * @param keys token buckets whose bound was looked at
 * @param faults what was wrong; empty when nothing was
 */
public record Verdict(long answered, long told, int keys, List<String> faults) {

  public Verdict {
    faults = List.copyOf(faults);
  }

  /** The same with one more fault. */
  public Verdict with(String fault) {
    List<String> more = new ArrayList<>(faults);
    more.add(fault);
    return new Verdict(answered, told, keys, more);
  }

  /** Whether nothing was wrong. */
  public boolean clean() {
    return faults.isEmpty();
  }

  @Override
  public String toString() {
    return clean()
        ? "clean: %,d answered, %,d told, %,d buckets within their bound"
            .formatted(answered, told, keys)
        : "NOT CLEAN: " + String.join("; ", faults);
  }
}
