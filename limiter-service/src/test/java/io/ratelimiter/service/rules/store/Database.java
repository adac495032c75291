package io.ratelimiter.service.rules.store;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.runtime.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A database of its own for a test, accessed as with psql. */
record Database(String url) {

  static Database in(PostgresServer postgres, String name) {
    return new Database(postgres.createDatabase(name));
  }

  /** A database with the service's schema. */
  static Database migrated(PostgresServer postgres, String name) {
    Database database = in(postgres, name);
    try (RulesDatabase pool = RulesDatabase.at(DatabaseUrl.parse(database.url()))) {
      new DatabaseRules(pool.pool()).version();
    }
    return database;
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url);
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of all rows. */
  List<String> query(String sql) throws SQLException {
    try (Connection connection = connect();
        ResultSet result = connection.createStatement().executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (result.next()) {
        values.add(result.getString(1));
      }
      return values;
    }
  }

  /** Leaves the shipped rules only. */
  void deleteAddedRules() throws SQLException {
    execute("DELETE FROM limiter.rate_limit_rules WHERE id > 3");
  }

  /** Number of sessions that listen for changes. */
  int listeners() throws SQLException {
    return query(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name LIKE '%listener' AND query LIKE 'LISTEN%'")
        .size();
  }
}
