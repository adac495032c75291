package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.junit.SystemPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped Prometheus configuration, checked by promtool. */
@Tag("full")
class PromtoolIT {

  private static final Path SHIPPED = Path.of("../deploy/prometheus");

  @TempDir private Path folder;

  @Test
  void theConfigurationAndTheRulesAreValid() throws InterruptedException {
    assertThat(promtool("check", "config", SHIPPED + "/prometheus.yml"))
        .contains("2 rule files found");
    promtool("check", "rules", SHIPPED + "/recording.yml", SHIPPED + "/alerts.yml");
  }

  @Test
  void everyAlertFiresOnItsFaultAndNoneUnderHealthyLoad() throws Exception {
    promtool("test", "rules", SHIPPED + "/tests/alerts_test.yml");

    assertThat(namesIn("tests/alerts_test.yml", "alertname=\"(\\w+)\""))
        .containsExactlyInAnyOrderElementsOf(alerts());
  }

  @Test
  void everyAlertHasASectionInTheRunbook() throws IOException {
    assertThat(namesIn("README.md", "(?m)^### (\\w+)$"))
        .containsExactlyInAnyOrderElementsOf(alerts());
    assertThat(namesIn("alerts.yml", "README\\.md#(\\w+)"))
        .containsExactlyElementsOf(alerts().stream().map(String::toLowerCase).toList());
  }

  private static List<String> alerts() throws IOException {
    return namesIn("alerts.yml", "alert: (\\w+)");
  }

  private static List<String> namesIn(String file, String pattern) throws IOException {
    return Pattern.compile(pattern)
        .matcher(Files.readString(SHIPPED.resolve(file)))
        .results()
        .map((MatchResult found) -> found.group(1))
        .distinct()
        .toList();
  }

  private String promtool(String... arguments) throws InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("promtool.out");
    int exit = SystemPrograms.run(output, Duration.ofMinutes(1), command);
    String printed = SystemPrograms.text(output);
    assertThat(exit).as(printed).isZero();
    return printed;
  }
}
