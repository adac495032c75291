package io.ratelimiter.service.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTests {

  @Test
  void anEmptyEnvironmentIsValid() {
    assertThat(Settings.faults(Map.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PORT             | 65536
          PORT             | eighty
          PORT             | ''
          REDIS_TIMEOUT_MS | 0
          REDIS_TIMEOUT_MS | 50ms
          REDIS_PLACEMENT  | slot
          REDIS_PLACEMENT  | ''
          ALGORITHM        | leaky_bucket
          FAIL_MODE        | sometimes
          PORT             | ٨٠٠٠
          PORT             | +8000
          CHECK_PORT       | -1
          REDIS_PORT       | 6379a
          REDIS_DB         | 0x1
          BIND_ADDRESS     | ''
          BIND_ADDRESS     | [::1
          DECISIONS_PARTITIONS | 12.0
          DECISIONS_TOPIC  | ''
          DECISIONS_TOPIC  | ..
          DECISIONS_TOPIC  | a/b
          DECISIONS_TOPIC  | a,b
          DECISIONS_TOPIC  | ratelimiter.decisions.v1.dlq
          REGION           | EU
          REGION           | -eu
          DRAIN            | 5
          DRAIN            | five seconds
          DRAIN            | -1s
          DRAIN            | 2h
          JAEGER_ENABLED   | yes
          JAEGER_ENABLED   | ''
          JAEGER_PORT      | 0
          JAEGER_HOST      | ''
          INSTANCE_ID      | a b
          INSTANCES        | 0
          BLOCKED_STATUS   | 403
          SPOOL_MAX_BYTES  | 8388607
          KAFKA_COMPRESSION | brotli
          DRAIN            | soon
          LOG_LEVEL        | LOUD
          LOG_FORMAT       | xml
          RULES_FILE       | /nowhere/rules.json
          SPOOL_DIR        | /dev/null/nowhere
          SNAPSHOT_FILE    | /dev/null/nowhere/rules
          KAFKA_BOOTSTRAP_SERVERS | localhost
          KAFKA_BOOTSTRAP_SERVERS | a:9092;b:9092
          """)
  void anInvalidValueIsReportedWithVariableValueAndValidValues(String name, String value) {
    assertThat(Settings.faults(Map.of(name, value)))
        .singleElement()
        .asString()
        .matches(name + " must be .+, not \"" + Pattern.quote(value) + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "FAIL_MODE, OPEN",
    "FAIL_MODE, Local",
    "REDIS_PLACEMENT, Tenant",
    "ALGORITHM, Fixed_Window",
    "LOG_LEVEL, Debug",
    "LOG_LEVEL, off",
    "LOG_FORMAT, JSON",
    "JAEGER_ENABLED, TRUE",
    "JAEGER_ENABLED, False",
    "DRAIN, 0s",
    "DECISIONS_TOPIC, ratelimiter.decisions_v2-48",
    "REGION, eu-west_1",
    "REGION, ''",
    "DRAIN, 1500ms",
    "BIND_ADDRESS, 127.0.0.1",
    "BIND_ADDRESS, ::1"
  })
  void wordsAreAcceptedInAnyCaseAndValuesInEveryDocumentedForm(String name, String value) {
    assertThat(Settings.faults(Map.of(name, value))).isEmpty();
  }

  /** An unchecked variable would fail later with a stack trace, or not at all. */
  @Test
  void everyVariableOfTheConfigurationIsChecked() throws IOException {
    try (InputStream in = Settings.class.getResourceAsStream("/application.yml")) {
      String configuration = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(Pattern.compile("\\$\\{([A-Z_]+):").matcher(configuration).results())
          .extracting(found -> found.group(1))
          .hasSizeGreaterThan(20)
          .isSubsetOf(Settings.names());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DATABASE_URL,mysql://u:secret@h/d",
    "REDIS_URL,http://:secret@h",
    "REDIS_URL,redis://:secret@h:port",
    "REDIS_URL,redis://u:secret@",
    "DATABASE_URL,postgresql://u:secret@h:port/d",
    "ADMIN_TOKEN,my secret",
    "ADMIN_TOKEN,secret",
    "ADMIN_TOKEN,fifteen--secret",
    "ADMIN_TOKEN,sixteen secrets and more",
    "ADMIN_TOKEN,sixteen-secrets-ü"
  })
  void aSecretIsNotShown(String name, String value) {
    assertThat(Settings.faults(Map.of(name, value)))
        .singleElement()
        .asString()
        .startsWith(name + " must be ")
        .doesNotContain("secret");
  }

  @Test
  void allFaultsAreReportedAtOnce() {
    assertThat(Settings.faults(Map.of("PORT", "x", "FAIL_MODE", "y"))).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          REDIS_URL | redis://h
          REDIS_URL | redis://u:p%40w@h:6379/3?timeout=1s
          REDIS_URL | redis://[::1]:6379
          REDIS_URL | redis-sentinel://h1:26379,h2:26379/0#primary
          REDIS_URL | redis://h1:1,h2:2,h3:3
          DATABASE_URL | postgresql://h/d
          DATABASE_URL | postgresql://u:p@h1:5432,h2:5432/d?ssl=true
          DATABASE_URL | jdbc:postgresql://h/d
          KAFKA_BOOTSTRAP_SERVERS | k1:9092,k2:9092
          KAFKA_BOOTSTRAP_SERVERS | [::1]:9092
          KAFKA_BOOTSTRAP_SERVERS | ''
          SPOOL_DIR | some/new/folder
          RULES_FILE | ''
          SNAPSHOT_FILE | ''
          ADMIN_TOKEN | 0123456789abcdef
          KAFKA_COMPRESSION | none
          KAFKA_COMPRESSION | ZSTD
          DRAIN | 500ms
          """)
  void addressesAndPathsMayHaveEveryDocumentedForm(String name, String value) {
    assertThat(Settings.faults(Map.of(name, value))).isEmpty();
  }

  @Test
  void validValuesAreAccepted() {
    assertThat(
            Settings.faults(
                Map.of(
                    "PORT", "8000",
                    "REDIS_URL", "rediss://user:pw@h1:1,h2:2",
                    "DATABASE_URL", "postgresql://u:p@h:1/d",
                    "ALGORITHM", "sliding_window_counter",
                    "FAIL_MODE", "local",
                    "ADMIN_TOKEN", "",
                    "LOG_LEVEL", "debug",
                    "BLOCKED_STATUS", "429")))
        .isEmpty();
  }

  /** One step charges the counters of one node, of a cluster those of one slot. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          redis://h1,h2                | client | true
          redis://h1,h2                |        | true
          redis://h1,h2                | Tenant | false
          redis://h                    | client | false
          redis-sentinel://h1,h2#main  | client | false
                                       | client | false
          """)
  void aFileWithATotalOfClientsIsRefusedForAClusterThatPlacesByClient(
      String url, String placement, boolean refused, @TempDir Path folder) throws IOException {
    Path file = folder.resolve("rules.json");
    Files.writeString(file, "{\"rules\": [{\"by\": [], \"rate\": 1, \"window\": 1}]}");
    Map<String, String> environment = new HashMap<>(Map.of("RULES_FILE", file.toString()));
    environment.put("REDIS_URL", url == null ? "" : url);
    if (placement != null) {
      environment.put("REDIS_PLACEMENT", placement);
    }

    assertThat(Settings.faults(environment)).hasSize(refused ? 1 : 0);
  }
}
