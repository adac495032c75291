package io.ratelimiter.service.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.LimiterProcess;
import io.ratelimiter.service.decisions.spool.file.SpoolFolder;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The process with an environment that prevents its start. */
@LocalStack
class WrongEnvironmentIT {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PORT       | 65536               | PORT must be a whole number, 0 to 65535, not "65536"
          FAIL_MODE  | sometimes           | FAIL_MODE must be open, closed or local, not "sometimes"
          ADMIN_TOKEN | secret             | ADMIN_TOKEN must be 16 to 512 printable ASCII characters without spaces; its value is not shown, because it may contain a password
          RULES_FILE | /nowhere/rules.json | RULES_FILE must be a file that can be read, not "/nowhere/rules.json"
          """)
  void anInvalidVariableEndsItWithOneLineAndNoTrace(String name, String value, String line) {
    try (LimiterProcess process = new LimiterProcess(folder, Map.of(name, value))) {
      assertThat(process.awaitExit()).isEqualTo(2);
      assertThat(process.output()).isEqualTo(line + System.lineSeparator());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PORT", "CHECK_PORT"})
  void aTakenPortEndsItWithOneLineThatNamesPortAndVariable(String variable) throws Exception {
    try (ServerSocket other = new ServerSocket(0);
        LimiterProcess process =
            new LimiterProcess(folder, Map.of(variable, "" + other.getLocalPort()))) {
      assertThat(process.awaitExit()).isEqualTo(1);
      assertThat(process.output())
          .isEqualTo(
              variable
                  + " "
                  + other.getLocalPort()
                  + " cannot be listened on at BIND_ADDRESS 0.0.0.0: Address already in use\n");
    }
  }

  @Test
  void aPasswordIsNotInTheLine() {
    try (LimiterProcess process =
        new LimiterProcess(folder, Map.of("DATABASE_URL", "postgresql://me:se/cret@db/d"))) {
      assertThat(process.awaitExit()).isEqualTo(2);
      assertThat(process.output()).startsWith("DATABASE_URL must be ").doesNotContain("cret");
    }
  }

  @Test
  void aDatabaseOfAnotherEncodingEndsItWithOneLine(PostgresServer postgres) {
    String url = postgres.createDatabase("latin1_limiter", "LATIN1");
    try (LimiterProcess process = new LimiterProcess(folder, Map.of("DATABASE_URL", url))) {
      assertThat(process.awaitExit()).isEqualTo(2);
      assertThat(process.output())
          .isEqualTo(
              "DATABASE_URL must name a database whose encoding is UTF8, not LATIN1:"
                  + " CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
                  + System.lineSeparator());
    }
  }

  @Test
  void aFaultThatOnlyTheStartFindsEndsIt() {
    Path spool = folder.resolve("spool");
    try (SpoolFolder _ = SpoolFolder.lock(spool);
        LimiterProcess process =
            new LimiterProcess(folder.resolve("p"), Map.of("SPOOL_DIR", spool.toString()))) {
      assertThat(process.awaitExit()).isEqualTo(1);
      assertThat(process.output()).contains("SPOOL_DIR " + spool + " is in use by another process");
    }
  }

  @Test
  void aBrokenRulesFileEndsItWithOneLineThatNamesFilePlaceAndFault() throws Exception {
    Path rules = folder.resolve("rules.json");
    Files.writeString(
        rules, "{\"rules\": [\n{\"client_id\": \"a\", \"rate\": \"ten\", \"window\": 1}]}");
    try (LimiterProcess process =
        new LimiterProcess(folder.resolve("p"), Map.of("RULES_FILE", rules.toString()))) {
      assertThat(process.awaitExit()).isEqualTo(2);
      assertThat(process.output())
          .isEqualTo(
              "RULES_FILE %s: rules[0], line 2: rate must be a whole number, not \"ten\"%n"
                  .formatted(rules));
    }
  }

  @Test
  void aRulesFileThatTheClusterCannotCountEndsItWithOneLineThatNamesThePlacement()
      throws Exception {
    Path rules = folder.resolve("rules.json");
    Files.writeString(
        rules,
        "{\"rules\": [{\"client_id\": \"a\", \"rate\": 1, \"window\": 1},\n"
            + "{\"name\": \"total\", \"by\": [], \"rate\": 1, \"window\": 1}]}");
    Map<String, String> cluster =
        Map.of("RULES_FILE", rules.toString(), "REDIS_URL", "redis://127.0.0.1:1,127.0.0.1:2");
    try (LimiterProcess process = new LimiterProcess(folder.resolve("p"), cluster)) {
      assertThat(process.awaitExit()).isEqualTo(2);
      assertThat(process.output())
          .isEqualTo(
              "RULES_FILE %s: rules[1], line 2: by must have client_id: with a Redis cluster, counters of several clients need REDIS_PLACEMENT=tenant%n"
                  .formatted(rules));
    }
  }
}
