package io.ratelimiter.service.rules.store;

import io.ratelimiter.service.rules.definition.RuleDefinition;
import io.ratelimiter.service.rules.definition.RuleHistoryEntry;
import io.ratelimiter.service.rules.definition.StoredRule;
import io.ratelimiter.service.rules.json.Metadata;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Statements on {@code limiter.rate_limit_rules} and its history, in the caller's transaction. */
final class RuleTable {

  private static final String SELECT =
      "SELECT " + RuleRows.COLUMNS_AND_METADATA + " FROM limiter.rate_limit_rules ";
  private static final String RETURNING = " RETURNING " + RuleRows.COLUMNS_AND_METADATA;

  /** Max size of a row of the history, bytes; the columns of the longest valid rule take 12 KiB. */
  private static final int MAX_IMAGE_BYTES = 16_384;

  /** Rows per reply of the server, so that the rows of many rules are not all in memory at once. */
  private static final int FETCH_SIZE = 5_000;

  private static final String HISTORY =
      "SELECT id, rule_id, revision, operation, changed_at, left(changed_by, 128) AS changed_by,"
          + " left(correlation_id, 128) AS correlation_id, "
          + image("before")
          + ", "
          + image("after");

  private final JdbcClient jdbc;

  RuleTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private static String image(String name) {
    return "%1$s IS NOT NULL AS has_%1$s, ".formatted(name)
        + RuleRows.bounded(name + " - 'metadata'", name + "_columns", MAX_IMAGE_BYTES)
        + ", "
        + RuleRows.bounded(name + " -> 'metadata'", name + "_metadata", Metadata.MAX_BYTES);
  }

  Optional<StoredRule> byId(long id) {
    return jdbc.sql(SELECT + "WHERE id = :id")
        .param("id", id)
        .query(RuleRows::readWithMetadata)
        .optional();
  }

  Optional<StoredRule> byName(String tenant, String name) {
    return jdbc.sql(SELECT + "WHERE tenant = :tenant AND name = :name")
        .param("tenant", tenant)
        .param("name", name)
        .query(RuleRows::readWithMetadata)
        .optional();
  }

  /** By id, from the first above {@code afterId}. */
  List<StoredRule> list(RuleFilter filter, long afterId, int limit) {
    return jdbc.sql(
            SELECT
                + """
                WHERE id > :after
                  AND (:tenant::text IS NULL OR tenant = :tenant)
                  AND (:client_id::text IS NULL OR client_id = :client_id)
                  AND (:limit_key::text IS NULL OR limit_key = :limit_key)
                  AND (:name::text IS NULL OR name = :name)
                  AND (:mode::text IS NULL OR mode = :mode)
                  AND (:enabled::boolean IS NULL OR enabled = :enabled)
                ORDER BY id
                LIMIT :limit
                """)
        .param("after", afterId)
        .param("tenant", filter.tenant(), Types.VARCHAR)
        .param("client_id", filter.clientId(), Types.VARCHAR)
        .param("limit_key", filter.limitKey(), Types.VARCHAR)
        .param("name", filter.name(), Types.VARCHAR)
        .param("mode", filter.mode() == null ? null : filter.mode().wireName(), Types.VARCHAR)
        .param("enabled", filter.enabled(), Types.BOOLEAN)
        .param("limit", limit)
        .query(RuleRows::readWithMetadata)
        .list();
  }

  /** The enabled rules of a tenant, without metadata; empty if none of them has match or by. */
  List<StoredRule> enabledIfAnyMatchesAttributes(String tenant) {
    return jdbc.sql(
            "SELECT "
                + RuleRows.COLUMNS
                + """
                  FROM limiter.rate_limit_rules
                 WHERE tenant = :tenant AND enabled
                   AND EXISTS (
                         SELECT FROM limiter.rate_limit_rules
                          WHERE tenant = :tenant AND enabled AND (match <> '{}' OR by IS NOT NULL))
                """)
        .param("tenant", tenant)
        .withFetchSize(FETCH_SIZE)
        .query(RuleRows::read)
        .list();
  }

  /** Latest first, from the first change below {@code beforeChange}. */
  List<RuleHistoryEntry> history(long ruleId, long beforeChange, int limit) {
    return jdbc.sql(
            HISTORY
                + """
                  FROM limiter.rate_limit_rules_history
                 WHERE rule_id = :rule AND id < :before
                 ORDER BY id DESC
                 LIMIT :limit
                """)
        .param("rule", ruleId)
        .param("before", beforeChange)
        .param("limit", limit)
        .query(RuleTable::entry)
        .list();
  }

  private static RuleHistoryEntry entry(ResultSet row, int index) throws SQLException {
    return new RuleHistoryEntry(
        row.getLong("id"),
        row.getLong("rule_id"),
        row.getLong("revision"),
        row.getString("operation"),
        row.getObject("changed_at", OffsetDateTime.class).toInstant(),
        row.getString("changed_by"),
        row.getString("correlation_id"),
        image(row, "before"),
        image(row, "after"));
  }

  private static RuleHistoryEntry.@Nullable Image image(ResultSet row, String name)
      throws SQLException {
    if (!row.getBoolean("has_" + name)) {
      return null;
    }
    return new RuleHistoryEntry.Image(
        row.getString(name + "_columns"), RuleRows.metadata(row, name + "_metadata"));
  }

  StoredRule insert(RuleDefinition rule) {
    return RuleParameters.of(
            rule,
            jdbc.sql(
                """
                INSERT INTO limiter.rate_limit_rules
                  (tenant, name, client_id, limit_key, match, by, algorithm, rate, window_seconds, burst,
                   reserve_normal, reserve_low, max_wait_ms, overdraft, mode, enabled, shared, always,
                   fail_mode, valid_from, valid_until, metadata)
                VALUES
                  (:tenant, :name, :client_id, :limit_key, :match::jsonb, :by::text[], :algorithm, :rate,
                   :window_seconds, :burst, :reserve_normal, :reserve_low, :max_wait_ms, :overdraft,
                   :mode, :enabled, :shared, :always, :fail_mode, :valid_from, :valid_until,
                   :metadata::jsonb)
                """
                    + RETURNING))
        .query(RuleRows::readWithMetadata)
        .single();
  }

  StoredRule update(long id, RuleDefinition rule) {
    return RuleParameters.of(
            rule,
            jdbc.sql(
                """
                UPDATE limiter.rate_limit_rules
                   SET tenant = :tenant, name = :name, client_id = :client_id,
                       limit_key = :limit_key, match = :match::jsonb, by = :by::text[],
                       algorithm = :algorithm, rate = :rate, window_seconds = :window_seconds, burst = :burst,
                       reserve_normal = :reserve_normal, reserve_low = :reserve_low,
                       max_wait_ms = :max_wait_ms, overdraft = :overdraft, mode = :mode,
                       enabled = :enabled, shared = :shared, always = :always,
                       fail_mode = :fail_mode, valid_from = :valid_from,
                       valid_until = :valid_until, metadata = :metadata::jsonb
                 WHERE id = :id
                """
                    + RETURNING))
        .param("id", id)
        .query(RuleRows::readWithMetadata)
        .single();
  }

  void delete(long id) {
    jdbc.sql("DELETE FROM limiter.rate_limit_rules WHERE id = :id").param("id", id).update();
  }
}
