package io.ratelimiter.auditor.store.tables;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The statement that writes rows of a table, of which a row replaces only one with a lower
 * (generation, revision).
 *
 * @param table with its schema
 * @param key the columns of its primary key
 */
record Upsert(String table, List<String> key) {

  /**
   * A column and the SQL that converts the element of its array.
   *
   * @param value an expression of the element, which has the column's name
   */
  record Column(String name, String value) {}

  static Upsert into(String table, String... key) {
    return new Upsert(table, List.of(key));
  }

  /** The statement. Its parameters are arrays, one for each column in this order. */
  String sql(List<Column> columns) {
    String names = list(columns.stream().map(Column::name));
    return """
    INSERT INTO %s AS old (%s)
    SELECT %s
    FROM unnest(%s) AS new (%s)
    ON CONFLICT (%s) DO UPDATE SET
      %s
    WHERE (excluded.generation, excluded.revision) > (old.generation, old.revision)
    """
        .formatted(
            table,
            names,
            list(columns.stream().map(Column::value)),
            list(columns.stream().map(_ -> "?")),
            names,
            list(key.stream()),
            list(
                columns.stream()
                    .map(Column::name)
                    .filter(name -> !key.contains(name))
                    .map(name -> name + " = excluded." + name)));
  }

  private static String list(Stream<String> parts) {
    return parts.collect(Collectors.joining(", "));
  }
}
