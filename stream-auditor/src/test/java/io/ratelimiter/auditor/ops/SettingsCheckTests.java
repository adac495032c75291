package io.ratelimiter.auditor.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsCheckTests {

  @Test
  void whatIsNotSetHasItsDefault() {
    assertThat(SettingsCheck.problem(Map.of("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092"))).isEmpty();
  }

  @Test
  void aWrongValueIsNamedWithItsVariableAndWhatIsAllowed() {
    assertThat(problem("AUDIT_MAX_LATENESS_HOURS", "six"))
        .isEqualTo(
            "AUDIT_MAX_LATENESS_HOURS=six cannot be read: allowed is a whole number from 1 to 144");
    assertThat(problem("AUDIT_CLIENT_DETAIL", "some"))
        .isEqualTo("AUDIT_CLIENT_DETAIL=some cannot be read: allowed is all, blocked");
    assertThat(problem("LOG_LEVEL_KAFKA", "loud"))
        .startsWith("LOG_LEVEL_KAFKA=loud cannot be read");
    assertThat(problem("AUDITOR_PORT", "70000")).contains("from 0 to 65535");
  }

  @Test
  void aPasswordIsNotRepeated() {
    assertThat(problem("DATABASE_URL", "mysql://me:secret@db/x"))
        .startsWith("DATABASE_URL=mysql://...@db/x cannot be read");
  }

  @Test
  void withoutKafkaThereIsNothingToDo() {
    assertThat(SettingsCheck.problem(Map.of()))
        .hasValueSatisfying(line -> assertThat(line).startsWith("KAFKA_BOOTSTRAP_SERVERS"));
  }

  private static String problem(String name, String value) {
    Map<String, String> environment = new HashMap<>();
    environment.put("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092");
    environment.put(name, value);
    return SettingsCheck.problem(environment).orElseThrow();
  }
}
