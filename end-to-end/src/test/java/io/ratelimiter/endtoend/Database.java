package io.ratelimiter.endtoend;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What an analyst and an operator do with SQL. */
final class Database {

  private final String url;

  Database(int port) {
    url =
        "jdbc:postgresql://localhost:"
            + port
            + "/ratelimiter?user=ratelimiter&password=ratelimiter";
  }

  /** The numbers of the only row. */
  List<Long> row(String sql) {
    return rows(sql).getFirst();
  }

  /** The numbers of every row. */
  List<List<Long>> rows(String sql) {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      List<List<Long>> rows = new ArrayList<>();
      while (result.next()) {
        List<Long> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getLong(i));
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  void execute(String sql) {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Whether this query has an answer for Grafana's login; fails where that may not ask it. */
  boolean answersGrafana(String sql) {
    try (var connection =
            DriverManager.getConnection(
                url.replace(
                    "user=ratelimiter&password=ratelimiter", "user=grafana&password=grafana"));
        var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      return result.next();
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
