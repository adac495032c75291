package io.ratelimiter.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;

/** The tables that must result from the decisions of a run, row by row. */
public final class ExpectedTables {

  private static final String CLIENTS =
      """
      SELECT extract(epoch FROM window_start)::bigint || '/' || tenant || '/' || client_id || '/'
               || limit_key || '/' || rule,
             concat_ws('|', sum(allowed_count), sum(blocked_count), sum(error_count),
               sum(degraded_count), sum(late_count), sum(shadow_checked_count),
               sum(shadow_blocked_count), sum(cost_allowed), sum(cost_blocked),
               sum(latency_sum_us), max(latency_max_us))
      FROM audit.served_metrics
      GROUP BY window_start, tenant, client_id, limit_key, rule
      """;

  private static final String TOTALS =
      """
      SELECT extract(epoch FROM window_start)::bigint || '/' || tenant || '//' || limit_key || '/'
               || rule,
             concat_ws('|', sum(allowed_count), sum(blocked_count), sum(error_count),
               sum(degraded_count), sum(late_count), sum(shadow_checked_count),
               sum(shadow_blocked_count), sum(cost_allowed), sum(cost_blocked),
               sum(latency_sum_us), max(latency_max_us))
      FROM audit.served_totals
      GROUP BY window_start, tenant, limit_key, rule
      """;

  /** The same sums in each kind of rows; a bill has allowed decisions only. */
  private static final String SUMS =
      """
      SELECT 'tenants', concat_ws('|', sum(allowed_count), sum(blocked_count), sum(error_count),
        sum(cost_allowed), sum(cost_blocked)) FROM audit.served_tenants
      UNION ALL
      SELECT 'instances', concat_ws('|', sum(allowed_count), sum(blocked_count), sum(error_count),
        sum(cost_allowed), sum(cost_blocked)) FROM audit.served_instances
      UNION ALL
      SELECT 'bills', concat_ws('|', sum(allowed_count), sum(cost_allowed)) FROM audit.served_bills
      """;

  /** In the order of the queries' columns. */
  private static final class Row {
    long allowed;
    long blocked;
    long error;
    long degraded;
    long shadowChecked;
    long shadowBlocked;
    long costAllowed;
    long costBlocked;
    long latencySum;
    long latencyMax;

    void add(TestDecision decision) {
      boolean failedClosed = "store_unavailable".equals(decision.reason());
      allowed += decision.allowed() ? 1 : 0;
      error += failedClosed ? 1 : 0;
      blocked += decision.allowed() || failedClosed ? 0 : 1;
      degraded += decision.degraded() ? 1 : 0;
      costAllowed += decision.allowed() ? decision.cost() : 0;
      costBlocked += decision.allowed() || failedClosed ? 0 : decision.cost();
      latencySum += decision.latencyMicros();
      latencyMax = Math.max(latencyMax, decision.latencyMicros());
    }

    @Override
    public String toString() {
      return "%d|%d|%d|%d|0|%d|%d|%d|%d|%d|%d"
          .formatted(
              allowed,
              blocked,
              error,
              degraded,
              shadowChecked,
              shadowBlocked,
              costAllowed,
              costBlocked,
              latencySum,
              latencyMax);
    }
  }

  private final Map<String, Row> clients = new HashMap<>();
  private final Map<String, Row> totals = new HashMap<>();
  private long decisions;
  private long lost;
  private long duplicates;

  /** Adds a decision that is sent at least once, at any time. */
  public void add(TestDecision decision) {
    decisions++;
    long minute = decision.decidedAtMicros() / 60_000_000 * 60;
    String rule = decision.rule() == null ? "(none)" : decision.rule();
    client(minute, decision, rule).add(decision);
    total(minute, decision.rule() == null, rule).add(decision);
    Boolean shadow = decision.shadowAllows();
    if (shadow != null && !decision.degraded()) {
      shadow(client(minute, decision, "stricter"), shadow);
      shadow(total(minute, false, "stricter"), shadow);
    }
  }

  private Row client(long minute, TestDecision decision, String rule) {
    String key =
        String.join(
            "/",
            String.valueOf(minute),
            decision.tenant(),
            decision.client(),
            decision.limitKey(),
            rule);
    return clients.computeIfAbsent(key, k -> new Row());
  }

  private Row total(long minute, boolean isNone, String rule) {
    String key = minute + (isNone ? "/(none)//(none)/" : "/default//*/") + rule;
    return totals.computeIfAbsent(key, k -> new Row());
  }

  private static void shadow(Row row, boolean allows) {
    row.shadowChecked++;
    row.shadowBlocked += allows ? 0 : 1;
  }

  /** Counts a number that is never sent. */
  public void lost() {
    lost++;
  }

  /** Counts a record that is sent again. */
  public void duplicate() {
    duplicates++;
  }

  public long decisions() {
    return decisions;
  }

  /** Whether the tables have as many decisions as expected; does not compare the rows. */
  public boolean isWhole(Sql sql) {
    return counted(sql) >= decisions;
  }

  /** Number of decisions in the tables. */
  public static long counted(Sql sql) {
    return Long.parseLong(
        sql.one(
            """
            SELECT coalesce(sum(allowed_count + blocked_count + error_count), 0)
            FROM audit.served_totals
            """));
  }

  /** Compares every row of both tables, and the count of lost numbers. */
  public void assertEqualTo(Sql sql) {
    assertThat(sql.pairs(TOTALS)).containsExactlyInAnyOrderEntriesOf(text(totals));
    assertThat(sql.pairs(SUMS)).containsExactlyInAnyOrderEntriesOf(sums());
    // Not by AssertJ's map assertion: over 100 000 rows it takes minutes.
    Map<String, String> expected = text(clients);
    Map<String, String> found = sql.pairs(CLIENTS);
    assertThat(found.size()).as("rows of clients").isEqualTo(expected.size());
    expected.forEach((key, row) -> {
      if (!row.equals(found.get(key))) {
        assertThat(found.get(key)).as(key).isEqualTo(row);
      }
    });
    assertThat(sql.one("SELECT sum(received), sum(lost) FROM audit.audit_completeness"))
        .isEqualTo(decisions + "|" + lost);
  }

  private Map<String, String> sums() {
    Row sum = new Row();
    for (Row row : totals.values()) {
      sum.allowed += row.allowed;
      sum.blocked += row.blocked;
      sum.error += row.error;
      sum.costAllowed += row.costAllowed;
      sum.costBlocked += row.costBlocked;
    }
    String all =
        "%d|%d|%d|%d|%d"
            .formatted(sum.allowed, sum.blocked, sum.error, sum.costAllowed, sum.costBlocked);
    String billed = sum.allowed + "|" + sum.costAllowed;
    return Map.of("tenants", all, "instances", all, "bills", billed);
  }

  /** Also compares duplicates, which are exact if the auditor was never restarted. */
  public void assertEqualWithDuplicatesTo(Sql sql) {
    assertEqualTo(sql);
    assertThat(sql.one("SELECT sum(duplicate) FROM audit.audit_completeness"))
        .isEqualTo(String.valueOf(duplicates));
  }

  private static Map<String, String> text(Map<String, Row> rows) {
    Map<String, String> text = HashMap.newHashMap(rows.size());
    rows.forEach((key, row) -> text.put(key, row.toString()));
    return text;
  }
}
