package io.ratelimiter.auditor.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rows turned into one array for each column, for {@code unnest}: one statement and one plan for
 * thousands of rows.
 */
final class Columns<R> {

  private record Column(String type, List<@Nullable Object> values) {}

  private final List<R> rows;
  private final List<Column> columns = new ArrayList<>();

  Columns(List<R> rows) {
    this.rows = rows;
  }

  Columns<R> texts(Function<R, @Nullable String> value) {
    return column("text", value);
  }

  Columns<R> numbers(Function<R, @Nullable Long> value) {
    return column("bigint", value);
  }

  Columns<R> smalls(Function<R, Integer> value) {
    return column("integer", value);
  }

  Columns<R> flags(Function<R, @Nullable Boolean> value) {
    return column("boolean", value);
  }

  private Columns<R> column(String type, Function<R, ? extends @Nullable Object> value) {
    List<@Nullable Object> values = new ArrayList<>(rows.size());
    for (R row : rows) {
      values.add(value.apply(row));
    }
    columns.add(new Column(type, values));
    return this;
  }

  /** Runs a statement whose parameters are these columns in order. */
  void execute(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < columns.size(); i++) {
        Column column = columns.get(i);
        statement.setArray(
            i + 1, connection.createArrayOf(column.type(), column.values().toArray()));
      }
      statement.executeUpdate();
    }
  }
}
