package io.ratelimiter.load;

import io.ratelimiter.load.measure.Measures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The command line of {@code load/bench}.
 *
 * @param measures names of the measures; empty for all
 * @param runs number of runs of each target
 * @param run duration of one run
 * @param warmUp duration of the load on each target before its first run
 * @param jvm options of the services' JVMs, in addition to those of the images
 * @param profile whether the limiter writes a flight recording
 * @param limit time after which the program ends
 */
record Arguments(
    List<String> measures,
    int runs,
    Duration run,
    Duration warmUp,
    List<String> jvm,
    boolean profile,
    Duration limit) {

  /** The memory options of the image, for the container of deploy/k8s. */
  private static final String MEMORY_OF_THE_IMAGE =
      "-XX:MaxRAM=640m -XX:InitialRAMPercentage=36 -XX:MaxRAMPercentage=36";

  private static final String NUMBER = "[1-9]\\d{0,4}";

  /**
   * Parses the command line.
   *
   * @throws IllegalArgumentException if it is wrong, with a message for the user
   */
  static Arguments parse(String... line) {
    List<String> measures = new ArrayList<>();
    Map<String, String> values = new HashMap<>();
    boolean profile = false;
    for (int i = 0; i < line.length; i++) {
      switch (line[i]) {
        case "--profile" -> profile = true;
        case "--runs", "--seconds", "--warm-up", "--jvm", "--minutes" ->
            values.put(line[i], value(line, i++));
        default -> measures.add(measure(line[i]));
      }
    }
    String jvm = values.getOrDefault("--jvm", MEMORY_OF_THE_IMAGE);
    return new Arguments(
        measures,
        number(values, "--runs", 5),
        Duration.ofSeconds(number(values, "--seconds", 8)),
        Duration.ofSeconds(number(values, "--warm-up", 20)),
        Pattern.compile("\\S+").matcher(jvm).results().map(MatchResult::group).toList(),
        profile,
        Duration.ofMinutes(number(values, "--minutes", 120)));
  }

  private static String value(String[] line, int option) {
    if (option + 1 == line.length) {
      throw new IllegalArgumentException(line[option] + " needs a value");
    }
    return line[option + 1];
  }

  private static int number(Map<String, String> values, String option, int defaultValue) {
    String value = values.getOrDefault(option, String.valueOf(defaultValue));
    if (!value.matches(NUMBER)) {
      throw new IllegalArgumentException(option + " needs a number above 0, not " + value);
    }
    return Integer.parseInt(value);
  }

  private static String measure(String name) {
    if (!Measures.ids().contains(name)) {
      throw new IllegalArgumentException(
          "no measure or option " + name + "; measures: " + String.join(" ", Measures.ids()));
    }
    return name;
  }
}
