package io.ratelimiter.service.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTests {

  @Test
  void an_empty_environment_is_fine() {
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
          ALGORITHM        | leaky_bucket
          FAIL_MODE        | OPEN
          INSTANCES        | 0
          BLOCKED_STATUS   | 403
          SPOOL_MAX_BYTES  | 8388607
          LOG_LEVEL        | LOUD
          LOG_FORMAT       | xml
          """)
  void a_wrong_value_is_told_with_variable_value_and_what_is_allowed(String name, String value) {
    assertThat(Settings.faults(Map.of(name, value)))
        .singleElement()
        .asString()
        .matches(name + " must be .+, not \"" + value + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "DATABASE_URL,mysql://u:secret@h/d",
    "REDIS_URL,http://:secret@h",
    "ADMIN_TOKEN,my secret"
  })
  void a_secret_is_not_shown(String name, String value) {
    assertThat(Settings.faults(Map.of(name, value)))
        .singleElement()
        .asString()
        .startsWith(name + " must be ")
        .doesNotContain("secret");
  }

  @Test
  void all_faults_are_told_at_once() {
    assertThat(Settings.faults(Map.of("PORT", "x", "FAIL_MODE", "y"))).hasSize(2);
  }

  @Test
  void what_is_allowed_is_accepted() {
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
}
