package io.ratelimiter.service.rules;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads rows of {@code limiter.rate_limit_rules}. */
final class RuleRows {

  static final String COLUMNS =
      """
      id, tenant, name, client_id, limit_key, algorithm, rate, window_seconds, burst, mode, enabled,
      shared, always, fail_mode, valid_from, valid_until, metadata, revision, counter_epoch,
      created_at, updated_at
      """;

  private RuleRows() {}

  /**
   * The rule of the current row.
   *
   * @throws InvalidRuleSetException when a word in it is not known
   */
  static StoredRule read(ResultSet row, int index) throws SQLException {
    return new StoredRule(
        row.getLong("id"),
        definition(row),
        row.getLong("revision"),
        row.getLong("counter_epoch"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant());
  }

  private static RuleDefinition definition(ResultSet row) throws SQLException {
    String algorithm = row.getString("algorithm");
    String failMode = row.getString("fail_mode");
    return new RuleDefinition(
        row.getString("tenant"),
        row.getString("name"),
        row.getString("client_id"),
        row.getString("limit_key"),
        algorithm == null ? null : known(row, algorithm, Algorithm.named(algorithm)),
        row.getObject("rate", Long.class),
        row.getObject("window_seconds", Long.class),
        row.getObject("burst", Long.class),
        known(row, row.getString("mode"), Mode.named(row.getString("mode"))),
        row.getBoolean("enabled"),
        row.getBoolean("shared"),
        row.getBoolean("always"),
        failMode == null ? null : known(row, failMode, FailMode.named(failMode)),
        instant(row, "valid_from"),
        instant(row, "valid_until"),
        row.getString("metadata"));
  }

  private static <T> T known(ResultSet row, String word, Optional<T> meaning) throws SQLException {
    if (meaning.isEmpty()) {
      throw new InvalidRuleSetException(
          "rule %d (%s of tenant %s): \"%s\" is not known"
              .formatted(row.getLong("id"), row.getString("name"), row.getString("tenant"), word));
    }
    return meaning.get();
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
