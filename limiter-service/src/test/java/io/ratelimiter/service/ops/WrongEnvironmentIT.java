package io.ratelimiter.service.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.LimiterProcess;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The process that cannot start. */
class WrongEnvironmentIT {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PORT       | 65536               | PORT must be a whole number, 0 to 65535, not "65536"
          FAIL_MODE  | sometimes           | FAIL_MODE must be open, closed or local, not "sometimes"
          RULES_FILE | /nowhere/rules.json | RULES_FILE must be a file that can be read, not "/nowhere/rules.json"
          """)
  void a_wrong_variable_ends_it_with_one_line_and_no_trace(String name, String value, String line) {
    try (LimiterProcess process = new LimiterProcess(folder, Map.of(name, value))) {
      assertThat(process.awaitExit()).isEqualTo(2);
      assertThat(process.said()).isEqualTo(line + System.lineSeparator());
    }
  }

  @Test
  void what_cannot_start_for_another_reason_ends_too() throws Exception {
    try (ServerSocket taken = new ServerSocket(0);
        LimiterProcess process =
            new LimiterProcess(
                folder.resolve("p"), Map.of("PORT", Integer.toString(taken.getLocalPort())))) {
      assertThat(process.awaitExit()).isEqualTo(1);
      assertThat(process.said()).contains(Integer.toString(taken.getLocalPort()));
    }
  }

  @Test
  void a_broken_rules_file_ends_it_with_one_line_that_names_file_place_and_fault()
      throws Exception {
    Path rules = folder.resolve("rules.json");
    Files.writeString(
        rules, "{\"rules\": [\n{\"client_id\": \"a\", \"rate\": \"ten\", \"window\": 1}]}");
    try (LimiterProcess process =
        new LimiterProcess(folder.resolve("p"), Map.of("RULES_FILE", rules.toString()))) {
      assertThat(process.awaitExit()).isEqualTo(2);
      assertThat(process.said())
          .isEqualTo(
              "RULES_FILE %s: rules[0], line 2: rate must be a whole number, not \"ten\"%n"
                  .formatted(rules));
    }
  }
}
