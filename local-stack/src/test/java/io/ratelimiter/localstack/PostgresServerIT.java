package io.ratelimiter.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@LocalStack
class PostgresServerIT {

  @Test
  void versionIs18AndTheDatabaseUsesUtf8(PostgresServer postgres) throws SQLException {
    assertThat(query(postgres.jdbcUrl(), "SHOW server_version")).startsWith("18.");
    assertThat(query(postgres.jdbcUrl(), "SELECT current_database() || ' ' || current_user"))
        .isEqualTo("ratelimiter ratelimiter");
    assertThat(query(postgres.jdbcUrl(), "SHOW server_encoding")).isEqualTo("UTF8");
  }

  @Test
  void createsADatabaseForOneTest(PostgresServer postgres) throws SQLException {
    String url = postgres.createDatabase("of_one_test");

    assertThat(query(url, "SELECT current_database()")).isEqualTo("of_one_test");
  }

  @Test
  void aKilledServerKeepsCommittedRowsEvenIfItsLockFileHasThePidOfAnotherProgram(
      PrivateServers servers) throws Exception {
    PostgresServer postgres = servers.postgres();
    execute(postgres, "CREATE TABLE kept (n int)");
    execute(postgres, "INSERT INTO kept VALUES (7)");

    postgres.kill();
    Path lock = postgres.place().folder().resolve("pgdata").resolve("postmaster.pid");
    assertThat(lock).exists();
    Files.writeString(lock, ProcessHandle.current().pid() + "\n" + lock.getParent() + "\n");
    postgres.start();

    assertThat(query(postgres.jdbcUrl(), "SELECT n FROM kept")).isEqualTo("7");
  }

  @Test
  void aPausedServerAnswersOpenSessionsAfterResume(PostgresServer postgres) throws Exception {
    try (Connection connection = postgres.connect("ratelimiter")) {
      postgres.pause();
      CompletableFuture<String> answer =
          CompletableFuture.supplyAsync(() -> query(connection, "SELECT 1"));
      assertThat(answer.copy().completeOnTimeout("nothing yet", 300, TimeUnit.MILLISECONDS).join())
          .isEqualTo("nothing yet");

      postgres.resume();

      assertThat(answer.get(5, TimeUnit.SECONDS)).isEqualTo("1");
    }
  }

  @Test
  void restartEmptyDeletesAllData(PrivateServers servers) throws SQLException {
    PostgresServer postgres = servers.postgres();
    execute(postgres, "CREATE TABLE lost (n int)");

    postgres.restartEmpty();

    assertThat(query(postgres.jdbcUrl(), "SELECT to_regclass('lost') IS NULL")).isEqualTo("t");
  }

  private static void execute(PostgresServer postgres, String sql) throws SQLException {
    try (Connection connection = postgres.connect("ratelimiter");
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      return query(connection, sql);
    }
  }

  private static String query(Connection connection, String sql) {
    try (var result = connection.createStatement().executeQuery(sql)) {
      result.next();
      return result.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
