package io.ratelimiter.auditor.cookbook;

import io.ratelimiter.auditor.Sql;
import io.ratelimiter.auditor.cookbook.Call.Outcome;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** The callers' own log, one row per call. The auditor neither writes nor reads it. */
final class CallerLog {

  private static final String TABLE =
      """
      CREATE SCHEMA caller;
      CREATE TABLE caller.calls (at timestamptz, instance text, tenant text, client text, limit_key text,
        cost bigint, outcome text, rule text, revision bigint, source text, degraded_reason text,
        shadow_allows boolean, latency_us bigint, priority text, wait_us bigint, estimate bigint,
        uncharged bigint,
        allowed boolean GENERATED ALWAYS AS (outcome = 'allowed') STORED,
        blocked boolean GENERATED ALWAYS AS (outcome IN ('limit_exceeded', 'cost_exceeds_limit')) STORED,
        is_check boolean GENERATED ALWAYS AS (outcome NOT IN ('refund', 'reset', 'settlement')) STORED)
      """;

  private CallerLog() {}

  /** Writes the log. */
  static void write(Sql sql, List<Call> calls) throws SQLException {
    sql.execute(TABLE);
    try (Connection connection = DriverManager.getConnection(sql.jdbcUrl());
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO caller.calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      for (Call call : calls) {
        add(call, insert);
      }
      insert.executeBatch();
    }
  }

  private static void add(Call call, PreparedStatement insert) throws SQLException {
    Outcome outcome = call.outcome();
    Object[] line = {
      Instant.EPOCH.plus(call.atMicros(), ChronoUnit.MICROS).atOffset(ZoneOffset.UTC),
      call.instance(),
      call.tenant(),
      call.client(),
      call.limitKey(),
      call.cost(),
      outcome.name().toLowerCase(Locale.ROOT),
      call.rule(),
      call.revision(),
      call.source(),
      call.degradedReason(),
      call.shadowAllows(),
      call.latencyMicros(),
      call.spending().priority(),
      call.spending().waitMicros(),
      call.spending().estimate(),
      call.spending().uncharged()
    };
    for (int i = 0; i < line.length; i++) {
      insert.setObject(i + 1, line[i]);
    }
    insert.addBatch();
  }
}
