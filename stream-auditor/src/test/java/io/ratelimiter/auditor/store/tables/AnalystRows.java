package io.ratelimiter.auditor.store.tables;

import static io.ratelimiter.auditor.store.tables.TablesFixture.MINUTE;
import static io.ratelimiter.auditor.store.tables.TablesFixture.row;

import io.ratelimiter.schemas.audit.AuditRow;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Figure;
import io.ratelimiter.schemas.audit.Figures;
import io.ratelimiter.schemas.audit.Kind;
import io.ratelimiter.schemas.topics.Topics;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Rows of the kinds that analysts' views add up. */
final class AnalystRows {

  private AnalystRows() {}

  static Dimensions client(String client, long minute, int part) {
    return Dimensions.of(
        Kind.CLIENT, minute, part, "", "default", client, "global", "rule", "token_bucket");
  }

  static Dimensions bill(long day) {
    return Dimensions.of(Kind.BILL, day, 0, "", "default", "(all)");
  }

  /** The decisions of one limiter. */
  static AuditRow instance(String name, String source, String reason, long minute, long allowed) {
    return row(
        Dimensions.of(Kind.INSTANCE_TOTAL, minute, 0, "", name, source, reason),
        Map.of(Figure.ALLOWED_COUNT, allowed),
        0,
        1,
        1);
  }

  /** The decisions of one rule at a revision. */
  static AuditRow total(long minute, long revision, long allowed, long blocked) {
    return row(
        new Dimensions(
            Kind.TOTAL, minute, 0, revision, List.of("", "default", "*", "rule", "token_bucket")),
        Map.of(Figure.ALLOWED_COUNT, allowed, Figure.BLOCKED_COUNT, blocked),
        0,
        1,
        1);
  }

  /** Registers of unique clients, as ranks by index. */
  static AuditRow registers(int partition, SortedMap<Integer, Integer> ranks) {
    return new AuditRow(
        Dimensions.of(Kind.UNIQUE_CLIENTS, MINUTE, 0, "default"),
        Figures.of(Map.of()),
        null,
        ranks.entrySet().stream()
            .map(rank -> rank.getKey() * AuditRow.RANKS + rank.getValue())
            .toList(),
        Topics.DECISIONS,
        partition,
        1,
        1);
  }
}
