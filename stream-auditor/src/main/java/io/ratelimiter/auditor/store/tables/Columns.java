package io.ratelimiter.auditor.store.tables;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One array for each column of many rows, for {@code unnest}: one statement and plan for all. */
final class Columns<R> {

  private interface Column {
    Array of(Connection connection) throws SQLException;
  }

  private final List<R> rows;
  private final List<Column> columns = new ArrayList<>();

  Columns(List<R> rows) {
    this.rows = rows;
  }

  Columns<R> texts(Function<R, @Nullable String> value) {
    return column("text", new @Nullable String[rows.size()], value);
  }

  Columns<R> numbers(Function<R, @Nullable Long> value) {
    return column("bigint", new @Nullable Long[rows.size()], value);
  }

  Columns<R> smalls(Function<R, Integer> value) {
    return column("integer", new Integer[rows.size()], value);
  }

  Columns<R> flags(Function<R, @Nullable Boolean> value) {
    return column("boolean", new @Nullable Boolean[rows.size()], value);
  }

  /** The driver sends typed arrays in binary form, others as text. */
  private <V> Columns<R> column(
      String type, @Nullable V[] values, Function<R, ? extends @Nullable V> value) {
    for (int i = 0; i < values.length; i++) {
      values[i] = value.apply(rows.get(i));
    }
    columns.add(connection -> connection.createArrayOf(type, values));
    return this;
  }

  /** Executes a statement whose parameters are these columns in this order. */
  void execute(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < columns.size(); i++) {
        statement.setArray(i + 1, columns.get(i).of(connection));
      }
      statement.executeUpdate();
    }
  }
}
