package io.ratelimiter.service.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseUrlTests {

  @ParameterizedTest
  @CsvSource({
    "postgresql://u:p@db:5432/limits, jdbc:postgresql://db:5432/limits, u, p",
    "postgres://u@db/limits?sslmode=require, jdbc:postgresql://db/limits?sslmode=require, u, ''",
    "postgresql://db, jdbc:postgresql://db/, '', ''",
    "postgresql://u%40x:a%2Fb+c%3A@db/d, jdbc:postgresql://db/d, u@x, a/b+c:",
    "'postgresql://u:p@one:1,two:2/d', 'jdbc:postgresql://one:1,two:2/d', u, p",
    "postgresql://u:p@[::1]:5432/d, jdbc:postgresql://[::1]:5432/d, u, p",
    "jdbc:postgresql://db/d?user=u&password=p, jdbc:postgresql://db/d?user=u&password=p, '', ''"
  })
  void bothFormsAreUnderstood(String url, String jdbcUrl, String user, String password) {
    assertThat(DatabaseUrl.parse(url)).isEqualTo(new DatabaseUrl(jdbcUrl, user, password));
  }

  @Test
  void anythingElseIsRefusedWithoutTellingThePassword() {
    assertThatThrownBy(() -> DatabaseUrl.parse("mysql://u:hidden/@db/d?password=hidden&x=1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "DATABASE_URL must be postgresql://user:password@host:port/database or"
                + " jdbc:postgresql:…, not \"mysql://***@db/d?password=***&x=1\"");
  }

  @Test
  void itIsPrintedWithoutThePassword() {
    assertThat(
            List.of("postgresql://u:hidden@db/d", "jdbc:postgresql://db/d?password=hidden").stream()
                .map(url -> DatabaseUrl.parse(url).toString()))
        .containsExactly("jdbc:postgresql://db/d", "jdbc:postgresql://db/d?password=***");
  }
}
