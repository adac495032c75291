package io.ratelimiter.auditor.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DatabaseUrlTests {

  @Test
  void aUrlOfPostgresqlIsTakenApart() {
    assertThat(DatabaseUrl.parse("postgresql://me:p%40ss+w@db:5433/limits?sslmode=require"))
        .isEqualTo(
            new DatabaseUrl("jdbc:postgresql://db:5433/limits?sslmode=require", "me", "p@ss+w"));
  }

  @Test
  void aJdbcUrlIsTakenAsItIs() {
    assertThat(DatabaseUrl.parse("jdbc:postgresql://db/limits?user=me"))
        .isEqualTo(new DatabaseUrl("jdbc:postgresql://db/limits?user=me", null, null));
  }

  @Test
  void anythingElseIsRefusedWithoutRepeatingIt() {
    assertThatThrownBy(() -> DatabaseUrl.parse("mysql://me:secret@db/limits"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> DatabaseUrl.parse("postgresql://me:sec ret@db"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("sec");
  }
}
