package io.ratelimiter.load.measure;

import java.util.ArrayList;
import java.util.List;

/** All measures, in order of execution. */
public final class Measures {

  private static final List<Measure> ALL =
      List.of(
          new SaturationMeasure(false),
          new SaturationMeasure(true),
          new LatencyMeasure(),
          new ScriptMeasure(),
          new BlockedMeasure(),
          new AuditorMeasure(),
          new GrowthMeasure(),
          new FootprintMeasure(),
          new StartMeasure(),
          new PausedStoreMeasure(),
          new PartsMeasure());

  private Measures() {}

  /** Every name that {@link #of} accepts. */
  public static List<String> ids() {
    return ALL.stream().flatMap(measure -> measure.ids().stream()).toList();
  }

  /** The measures with these names, each once; all if there are no names. */
  public static List<Measure> of(List<String> names) {
    List<Measure> wanted = new ArrayList<>();
    for (Measure measure : ALL) {
      if (names.isEmpty() || measure.ids().stream().anyMatch(names::contains)) {
        wanted.add(measure);
      }
    }
    return wanted;
  }
}
