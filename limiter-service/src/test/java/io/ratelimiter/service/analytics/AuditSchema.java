package io.ratelimiter.service.analytics;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.runtime.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.stream.Stream;

/**
 * A database with the tables that both services' migrations create, and the page's access to it.
 */
final class AuditSchema implements AutoCloseable {

  private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");

  private final String url;
  private final AnalyticsDatabase database;

  AuditSchema(PostgresServer postgres, String name) throws IOException, SQLException {
    url = postgres.createDatabase(name);
    database = AnalyticsDatabase.at(DatabaseUrl.parse(url));
    migrate("audit", Path.of("../stream-auditor").resolve(MIGRATIONS));
    migrate("limiter", MIGRATIONS);
    execute(
        """
        INSERT INTO audit.generations
        SELECT 1, partition, 1, '-infinity', 'infinity' FROM generate_series(0, 11) AS partition
        """);
  }

  private void migrate(String name, Path migrations) throws IOException, SQLException {
    execute("CREATE SCHEMA " + name);
    try (Stream<Path> all = Files.list(migrations)) {
      for (Path migration : all.sorted().toList()) {
        execute("SET search_path = " + name + ";" + Files.readString(migration));
      }
    }
  }

  AuditTables tables() {
    return new AuditTables(database.pool());
  }

  /** Runs several statements, separated by semicolons, in one transaction. */
  void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url + "&preferQueryMode=simple");
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The number in the first column of the first row. */
  double number(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        var result = connection.createStatement().executeQuery(sql)) {
      result.next();
      return result.getDouble(1);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
