package io.ratelimiter.service.decisions.spool;

import io.ratelimiter.service.decisions.series.Epoch;
import io.ratelimiter.service.decisions.series.IssuedSeries;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The epochs that may have events in the spool. For the spool's thread only. */
public final class SpooledEpochs {

  private final Map<String, Epoch> epochs = new LinkedHashMap<>();

  void add(Epoch epoch) {
    epochs.put(epoch.id(), epoch);
  }

  void remove(Epoch epoch) {
    epochs.remove(epoch.id());
  }

  /** A copy, in the order of their addition. */
  List<Epoch> all() {
    return new ArrayList<>(epochs.values());
  }

  boolean contains(String epoch) {
    return epochs.containsKey(epoch);
  }

  /** The series; null when the epoch or the partition is unknown. */
  @Nullable IssuedSeries find(String epoch, int partition) {
    Epoch found = epochs.get(epoch);
    return found == null || partition < 0 || partition >= found.series().size()
        ? null
        : found.series().get(partition);
  }
}
