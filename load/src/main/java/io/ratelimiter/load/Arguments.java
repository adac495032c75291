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
 * @param measures by name; empty: all
 * @param jvm options of the services' JVMs, beside those of the images
 * @param profile whether the limiter records itself
 * @param limit after which everything is ended
 */
record Arguments(
    List<String> measures,
    int runs,
    Duration run,
    Duration warmUp,
    List<String> jvm,
    boolean profile,
    Duration limit) {

  /** As in the image, in the container of deploy/k8s. */
  private static final String MEMORY_OF_THE_IMAGE =
      "-XX:MaxRAM=640m -XX:InitialRAMPercentage=36 -XX:MaxRAMPercentage=36";

  private static final String NUMBER = "[1-9]\\d{0,4}";

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException saying what is wrong with it
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

  private static int number(Map<String, String> values, String option, int otherwise) {
    String value = values.getOrDefault(option, String.valueOf(otherwise));
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
