package io.ratelimiter.auditor.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsCheckTests {

  @Test
  void aVariableThatIsNotSetHasItsDefault() {
    assertThat(SettingsCheck.fault(Map.of("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092"))).isEmpty();
  }

  @Test
  void aWrongValueIsNamedWithItsVariableAndWhatIsAllowed() {
    assertThat(fault("AUDIT_MAX_LATENESS_HOURS", "six"))
        .isEqualTo("AUDIT_MAX_LATENESS_HOURS must be a whole number, 1 to 144, not \"six\"");
    assertThat(fault("AUDIT_CLIENT_DETAIL", "some"))
        .isEqualTo("AUDIT_CLIENT_DETAIL must be all or blocked, not \"some\"");
    assertThat(fault("LOG_LEVEL_KAFKA", "loud"))
        .isEqualTo("LOG_LEVEL_KAFKA must be TRACE, DEBUG, INFO, WARN, ERROR or OFF, not \"loud\"");
    assertThat(fault("AUDITOR_PORT", "70000"))
        .isEqualTo("AUDITOR_PORT must be a whole number, 0 to 65535, not \"70000\"");
  }

  @ParameterizedTest
  @CsvSource({
    "KAFKA_BOOTSTRAP_SERVERS, localhost",
    "AUDITOR_PORT, ''",
    "AUDITOR_PORT, +8010",
    "AUDITOR_PORT, ٨٠١٠",
    "BIND_ADDRESS, ''",
    "BIND_ADDRESS, [::1",
    "DECISIONS_TOPIC, ''",
    "DECISIONS_TOPIC, a/b",
    "DECISIONS_TOPIC, ratelimiter.block-rates.v1",
    "DECISIONS_TOPIC, 'a, b'",
    "DECISIONS_TOPIC, 'a,b,a'",
    "DECISIONS_TOPIC, 'a,'",
    "DECISIONS_PARTITIONS, 12.0",
    "AUDIT_GENERATION, 0",
    "AUDIT_MAX_LATENESS_HOURS, 6h",
    "AUDIT_RETENTION_DAYS, two weeks",
    "AUDIT_TOTALS_RETENTION_DAYS, ''",
    "AUDIT_THREADS, 99999999999",
    "AUDIT_COMMIT_INTERVAL_MS, 99",
    "AUDIT_CLIENT_DETAIL, ''",
    "AUDIT_BILLS, clients",
    "AUDIT_GROUP_PROTOCOL, modern",
    "LOG_LEVEL, LOUD",
    "LOG_LEVEL_KAFKA, LOUD",
    "LOG_FORMAT, xml",
    "STATE_DIR, ''",
    "JAEGER_ENABLED, yes",
    "JAEGER_PORT, 0",
    "JAEGER_HOST, ''"
  })
  void aValueThatCannotBeReadIsRefused(String name, String value) {
    assertThat(fault(name, value))
        .matches(name + " must be .+, not \"" + Pattern.quote(value) + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "DECISIONS_TOPIC, 'decisions-of-48,ratelimiter.decisions.v1'",
    "AUDIT_CLIENT_DETAIL, Blocked",
    "AUDIT_BILLS, Client",
    "AUDIT_GROUP_PROTOCOL, STREAMS",
    "LOG_LEVEL, debug",
    "LOG_FORMAT, JSON",
    "JAEGER_ENABLED, False",
    "BIND_ADDRESS, 127.0.0.1",
    "DATABASE_URL, ''"
  })
  void wordsAreAcceptedInAnyCase(String name, String value) {
    assertThat(
            SettingsCheck.fault(
                Map.of("KAFKA_BOOTSTRAP_SERVERS", "k1:9092,[::1]:9092", name, value)))
        .isEmpty();
  }

  /** Otherwise an invalid value would be found only by the code that fails on it, or not at all. */
  @Test
  void everyVariableOfTheConfigurationIsChecked() throws IOException {
    try (InputStream in = SettingsCheck.class.getResourceAsStream("/application.yml")) {
      String configuration = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(Pattern.compile("\\$\\{([A-Z_]+):").matcher(configuration).results())
          .extracting(found -> found.group(1))
          .hasSizeGreaterThan(10)
          .isSubsetOf(SettingsCheck.names().toList());
    }
  }

  @Test
  void aPasswordIsNotRepeated() {
    assertThat(fault("DATABASE_URL", "mysql://me:secret@db/x"))
        .startsWith("DATABASE_URL must be postgresql://user:password@host:port/database or ")
        .doesNotContain("secret");
    assertThat(fault("DATABASE_URL", "postgresql://me:se/cret@db/x")).doesNotContain("cret");
  }

  @Test
  void urlsThatTheLimiterAcceptsAreAccepted() {
    for (String url :
        new String[] {
          "postgresql://u:p@my_db:5432/d", "postgresql://u:p@one:1,two:2/d", "postgresql://db", ""
        }) {
      assertThat(
              SettingsCheck.fault(
                  Map.of("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092", "DATABASE_URL", url)))
          .as(url)
          .isEmpty();
    }
  }

  @Test
  void kafkaIsRequired() {
    assertThat(SettingsCheck.fault(Map.of()))
        .contains(
            "KAFKA_BOOTSTRAP_SERVERS must be host:port, several of them with commas; it is not"
                + " set");
  }

  private static String fault(String name, String value) {
    Map<String, String> environment = new HashMap<>();
    environment.put("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092");
    environment.put(name, value);
    return SettingsCheck.fault(environment).orElseThrow();
  }
}
