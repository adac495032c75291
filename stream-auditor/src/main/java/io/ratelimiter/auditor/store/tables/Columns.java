package io.ratelimiter.auditor.store.tables;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One array for each column of many rows, for {@code unnest}: one statement and plan for all. */
final class Columns<R> {

  private interface Parameter {
    Array of(Connection connection) throws SQLException;
  }

  private final List<R> rows;
  private final List<Upsert.Column> columns = new ArrayList<>();
  private final List<Parameter> parameters = new ArrayList<>();

  Columns(List<R> rows) {
    this.rows = rows;
  }

  Columns<R> texts(String name, Function<R, @Nullable String> value) {
    return column(name, name, "text", new @Nullable String[rows.size()], value);
  }

  Columns<R> numbers(String name, Function<R, @Nullable Long> value) {
    return numbers(name, name, value);
  }

  Columns<R> smalls(String name, Function<R, Integer> value) {
    return column(name, name, "integer", new Integer[rows.size()], value);
  }

  Columns<R> flags(String name, Function<R, @Nullable Boolean> value) {
    return column(name, name, "boolean", new @Nullable Boolean[rows.size()], value);
  }

  /** Instants given in seconds since 1970. */
  Columns<R> seconds(String name, Function<R, @Nullable Long> value) {
    return numbers(name, "to_timestamp(" + name + ")", value);
  }

  /** Instants given in milliseconds since 1970. */
  Columns<R> millis(String name, Function<R, @Nullable Long> value) {
    return numbers(name, "audit.at_us(" + name + " * 1000)", value);
  }

  /** Instants given in microseconds since 1970. */
  Columns<R> micros(String name, Function<R, @Nullable Long> value) {
    return numbers(name, "audit.at_us(" + name + ")", value);
  }

  /** Arrays of an SQL type, sent as text, since {@code unnest} expands nested arrays. */
  Columns<R> arrays(
      String name, String type, Function<R, ? extends Collection<? extends Number>> value) {
    return column(
        name,
        name + "::" + type + "[]",
        "text",
        new String[rows.size()],
        value.andThen(array ->
            array.stream().map(Number::toString).collect(Collectors.joining(",", "{", "}"))));
  }

  private Columns<R> numbers(String name, String sql, Function<R, @Nullable Long> value) {
    return column(name, sql, "bigint", new @Nullable Long[rows.size()], value);
  }

  /** The driver sends typed arrays in binary form, others as text. */
  private <V> Columns<R> column(
      String name,
      String sql,
      String type,
      @Nullable V[] values,
      Function<R, ? extends @Nullable V> value) {
    for (int i = 0; i < values.length; i++) {
      values[i] = value.apply(rows.get(i));
    }
    columns.add(new Upsert.Column(name, sql));
    parameters.add(connection -> connection.createArrayOf(type, values));
    return this;
  }

  /** Writes the rows; executes nothing if there are none. */
  void write(Connection connection, Upsert upsert) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(upsert.sql(columns))) {
      for (int i = 0; i < parameters.size(); i++) {
        statement.setArray(i + 1, parameters.get(i).of(connection));
      }
      statement.executeUpdate();
    }
  }
}
