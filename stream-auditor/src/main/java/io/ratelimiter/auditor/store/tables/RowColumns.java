package io.ratelimiter.auditor.store.tables;

import io.ratelimiter.schemas.audit.AuditRow;
import io.ratelimiter.schemas.audit.Dimension;
import io.ratelimiter.schemas.audit.Figure;
import io.ratelimiter.schemas.audit.Figures;
import io.ratelimiter.schemas.audit.Kind;
import io.ratelimiter.schemas.audit.Latencies;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The columns of a table of rows. */
final class RowColumns {

  private RowColumns() {}

  /**
   * The columns of rows of one kind.
   *
   * @param topics numbers of their topics
   */
  static Columns<AuditRow> of(Kind kind, List<AuditRow> rows, Map<String, Integer> topics) {
    Columns<AuditRow> columns =
        new Columns<>(rows)
            .smalls("topic", row -> topics.get(row.topic()))
            .smalls("partition", AuditRow::partition)
            .smalls("generation", AuditRow::generation)
            .numbers("revision", AuditRow::revision);
    addDimensions(kind, columns);
    kind.figures().forEach(figure -> addFigure(figure, columns));
    if (kind.hasLatencies()) {
      columns
          .arrays("latency_buckets", "integer", row -> latencies(row, Latencies::buckets))
          .arrays("latency_counts", "bigint", row -> latencies(row, Latencies::counts));
    }
    return kind.hasRegisters()
        ? columns.arrays("registers", "integer", AuditRow::registers)
        : columns;
  }

  private static void addDimensions(Kind kind, Columns<AuditRow> columns) {
    columns.seconds(kind.span().wireName(), row -> row.dimensions().start());
    for (Dimension dimension : kind.dimensions()) {
      columns.texts(dimension.wireName(), row -> row.dimensions().text(dimension));
    }
    if (kind.hasRuleRevision()) {
      columns.numbers("rule_revision", row -> row.dimensions().ruleRevision());
    }
    if (kind.span() == Kind.Span.MINUTE) {
      columns.smalls("part", row -> row.dimensions().part());
    }
  }

  private static void addFigure(Figure figure, Columns<AuditRow> columns) {
    if (figure.isTime()) {
      columns.micros(figure.wireName().replaceAll("_us$", "_at"), row -> value(figure, row));
    } else {
      columns.numbers(figure.wireName(), row -> value(figure, row));
    }
  }

  /**
   * Null instead of 0 for priorities, waits and settlements, so that rows without them are no
   * larger.
   */
  private static @Nullable Long value(Figure figure, AuditRow row) {
    long value = row.figures().get(figure);
    return value == Figures.NONE || (value == 0 && figure.isOfSpending()) ? null : (Long) value;
  }

  private static <N extends Number> Collection<N> latencies(
      AuditRow row, Function<Latencies, ? extends Collection<N>> part) {
    Latencies latency = row.latency();
    return latency == null ? List.of() : part.apply(latency);
  }
}
