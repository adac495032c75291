package io.ratelimiter.auditor.store.tables;

import io.ratelimiter.schemas.audit.Dimension;
import io.ratelimiter.schemas.audit.Kind;
import java.util.ArrayList;
import java.util.List;

/** The tables of rows. Written in this order, so that two writers lock them in the same order. */
enum Table {
  TOTALS("rate_limit_totals", Kind.TOTAL),
  METRICS("rate_limit_metrics", Kind.CLIENT),
  TENANTS("tenant_totals", Kind.TENANT_TOTAL),
  INSTANCES("instance_totals", Kind.INSTANCE_TOTAL),
  UNIQUE_CLIENTS("unique_clients", Kind.UNIQUE_CLIENTS),
  BILLS("bills", Kind.BILL);

  private final String sql;
  private final Kind kind;

  Table(String sql, Kind kind) {
    this.sql = sql;
    this.kind = kind;
  }

  /** Its name in the schema. */
  String sql() {
    return sql;
  }

  /** The kind of its rows. */
  Kind kind() {
    return kind;
  }

  /** The name of the column with the start of a row's span. */
  String start() {
    return kind.span().wireName();
  }

  /** Whether each day has a partition of its own. */
  boolean isPartitioned() {
    return kind.span() == Kind.Span.MINUTE;
  }

  Upsert upsert() {
    return new Upsert("audit." + sql, key());
  }

  /** The partition is part of the key unless it follows from the client. */
  private List<String> key() {
    List<String> key = new ArrayList<>(List.of(start(), "topic", "generation"));
    kind.dimensions().stream().map(Dimension::wireName).forEach(key::add);
    if (kind.hasRuleRevision()) {
      key.add("rule_revision");
    }
    if (kind != Kind.CLIENT) {
      key.add("partition");
    }
    if (isPartitioned()) {
      key.add("part");
    }
    return key;
  }
}
