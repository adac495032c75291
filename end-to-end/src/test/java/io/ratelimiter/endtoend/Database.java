package io.ratelimiter.endtoend;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** SQL access to the product's database. */
final class Database {

  private final String url;

  Database(int port) {
    url =
        "jdbc:postgresql://localhost:"
            + port
            + "/ratelimiter?user=ratelimiter&password=ratelimiter";
  }

  /** The numbers of the first row. */
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

  /** Whether this query returns a row for Grafana's login; fails without the privilege. */
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
