package io.ratelimiter.load.report;

import java.util.Collections;
import java.util.StringJoiner;

/** A Markdown table. */
public final class Table {

  private final StringJoiner lines = new StringJoiner("\n", "\n", "\n");

  public Table(String... columns) {
    row((Object[]) columns);
    row(Collections.nCopies(columns.length, "---").toArray());
  }

  /** Adds a row. */
  public Table row(Object... cells) {
    StringJoiner line = new StringJoiner(" | ", "| ", " |");
    for (Object cell : cells) {
      line.add(String.valueOf(cell));
    }
    lines.add(line.toString());
    return this;
  }

  @Override
  public String toString() {
    return lines.toString();
  }
}
