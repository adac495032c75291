package io.ratelimiter.auditor;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Executes statements for assertions. */
public record Sql(String jdbcUrl) {

  /** The rows, with {@code |} between columns. */
  public List<String> rows(String query) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      return rows(result);
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  /** A statement fails after 60 s without an answer. */
  private Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl + "&socketTimeout=60");
  }

  private static List<String> rows(ResultSet result) throws SQLException {
    List<String> rows = new ArrayList<>();
    while (result.next()) {
      List<String> columns = new ArrayList<>();
      for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
        columns.add(String.valueOf(result.getString(i)));
      }
      rows.add(String.join("|", columns));
    }
    return rows;
  }

  /** The rows of a query with two columns, by the first. */
  public Map<String, String> pairs(String query) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      Map<String, String> pairs = new HashMap<>();
      while (result.next()) {
        pairs.put(result.getString(1), result.getString(2));
      }
      return pairs;
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  /** The rows as a role sees them. */
  public List<String> rowsAs(String role, String query) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET ROLE " + role);
      statement.execute("SET TIME ZONE 'UTC'");
      try (ResultSet result = statement.executeQuery(query)) {
        return rows(result);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  /** Whether a role may execute a statement, which is rolled back. */
  public boolean mayAs(String role, String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SET ROLE " + role);
      statement.execute(sql);
      connection.rollback();
      return true;
    } catch (SQLException e) {
      if (!"42501".equals(e.getSQLState())) {
        throw new IllegalStateException(sql, e);
      }
      return false;
    }
  }

  /** The only row, or all rows with line breaks between them. */
  public String one(String query) {
    return String.join("\n", rows(query));
  }

  public void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
