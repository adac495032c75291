package io.ratelimiter.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@LocalStack
class WrongEncodingIT {

  @ParameterizedTest
  @ValueSource(strings = {"LATIN1", "SQL_ASCII"})
  void aDatabaseOfAnotherEncodingReturnsNoConnection(String encoding, PostgresServer postgres)
      throws SQLException {
    String url =
        postgres.createDatabase("of_" + encoding.toLowerCase(java.util.Locale.ROOT), encoding);
    String expected =
        "DATABASE_URL must name a database whose encoding is UTF8, not %s: CREATE DATABASE …"
                .formatted(encoding)
            + " ENCODING 'UTF8' TEMPLATE template0";

    assertThat(DatabaseSession.fault(url)).contains(expected);
    try (HikariDataSource pool = pool(url)) {
      assertThatThrownBy(pool::getConnection)
          .isInstanceOf(WrongEncodingException.class)
          .hasMessage(expected);
      assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    }
  }

  @Test
  void aDatabaseOfUtf8IsAccepted(PostgresServer postgres) throws SQLException {
    assertThat(DatabaseSession.fault(postgres.jdbcUrl())).isEmpty();
    try (HikariDataSource pool = pool(postgres.databaseUrl());
        Connection connection = pool.getConnection()) {
      assertThat(connection.isValid(5)).isTrue();
    }
  }

  @Test
  void aDatabaseThatDoesNotAnswerIsNoFaultOfTheVariable() {
    assertThat(DatabaseSession.fault("postgresql://u:p@localhost:1/none")).isEmpty();
    assertThat(DatabaseSession.fault("")).isEmpty();
  }

  private static HikariDataSource pool(String url) {
    return new ConnectionPool("test", 2, 0, Duration.ofSeconds(10)).at(DatabaseUrl.parse(url));
  }
}
