package io.ratelimiter.service.decisions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The epochs of which events may lie in the spool. For the spool's thread only. */
final class SeriesBook {

  private final Map<String, Epoch> epochs = new LinkedHashMap<>();

  void add(Epoch epoch) {
    epochs.put(epoch.id(), epoch);
  }

  void remove(Epoch epoch) {
    epochs.remove(epoch.id());
  }

  List<Epoch> epochs() {
    return new ArrayList<>(epochs.values());
  }

  boolean knows(String epoch) {
    return epochs.containsKey(epoch);
  }

  /** The series, or null when there is none of that name. */
  @Nullable Series find(String epoch, int partition) {
    Epoch found = epochs.get(epoch);
    return found == null || partition < 0 || partition >= found.series().size()
        ? null
        : found.series().get(partition);
  }
}
