package io.ratelimiter.service.rules.store;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.FailMode;
import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.Mode;
import io.ratelimiter.service.rules.RuleTerms;
import io.ratelimiter.service.rules.Spending;
import io.ratelimiter.service.rules.definition.InvalidRuleException;
import io.ratelimiter.service.rules.definition.PolicyDefinition;
import io.ratelimiter.service.rules.definition.RuleDefinition;
import io.ratelimiter.service.rules.definition.StoredRule;
import io.ratelimiter.service.rules.json.MatchJson;
import io.ratelimiter.service.rules.json.Metadata;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Reads rows of {@code limiter.rate_limit_rules}. */
final class RuleRows {

  /**
   * All columns that checks depend on. Text is truncated above its bound: values that bypassed a
   * constraint are refused without exhausting memory. The names of {@code by} are one text, each
   * with a comma: with a subquery, traces would not name the statement by its table.
   */
  static final String COLUMNS =
      """
      id, left(tenant, 64) AS tenant, left(name, 129) AS name, left(client_id, 257) AS client_id,
      left(limit_key, 257) AS limit_key, left(algorithm, 32) AS algorithm, rate, window_seconds, burst,
      """
          + tenThousandths("reserve_normal")
          + ", "
          + tenThousandths("reserve_low")
          + """
          , max_wait_ms, overdraft, left(mode, 32) AS mode, enabled, shared, always, left(fail_mode, 32) AS fail_mode, valid_from,
          valid_until, revision, counter_epoch, created_at, updated_at,
          CASE cardinality(by) WHEN 0 THEN '' ELSE left(array_to_string(by, ',', '"') || ',', 321) END AS by,
          """
          + bounded("match", "match", MatchJson.MAX_BYTES);

  /** {@link #COLUMNS} and metadata, which only the admin API shows; null where it is too large. */
  static final String COLUMNS_AND_METADATA =
      COLUMNS + ", " + bounded("metadata", "metadata", Metadata.MAX_BYTES);

  private RuleRows() {}

  /**
   * SQL for a value of type jsonb as text, null where it is too large. A far too large one is
   * detected by its stored size, without converting it to text.
   */
  static String bounded(String value, String name, int maxBytes) {
    return """
    CASE WHEN pg_column_size(%1$s) > 8 * %3$d THEN NULL
         WHEN octet_length((%1$s)::text) <= %3$d THEN (%1$s)::text END AS %2$s
    """
        .formatted(value, name, maxBytes);
  }

  /** SQL for a share in ten thousandths; -1, which is refused, where it bypassed a constraint. */
  private static String tenThousandths(String share) {
    return """
    CASE WHEN %1$s BETWEEN 0 AND 1 AND %1$s = trunc(%1$s, 4) THEN (%1$s * 10000)::integer
         ELSE -1 END AS %1$s
    """
        .formatted(share);
  }

  /**
   * The rule of the current row.
   *
   * @throws InvalidRuleSetException when a mode, algorithm or fail mode is not known, or {@code
   *     match} is not an object of strings or too large
   */
  static StoredRule read(ResultSet row, int index) throws SQLException {
    return read(row, null);
  }

  /** The rule of the current row of {@link #COLUMNS_AND_METADATA}. */
  static StoredRule readWithMetadata(ResultSet row, int index) throws SQLException {
    return read(row, metadata(row, "metadata"));
  }

  /** The metadata in a column; null where it exceeds the bounds that it has today. */
  static @Nullable String metadata(ResultSet row, String column) throws SQLException {
    String metadata = row.getString(column);
    return metadata != null && Metadata.readable(metadata) ? metadata : null;
  }

  private static StoredRule read(ResultSet row, @Nullable String metadata) throws SQLException {
    return new StoredRule(
        row.getLong("id"),
        definition(row, metadata),
        row.getLong("revision"),
        row.getLong("counter_epoch"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant());
  }

  private static RuleDefinition definition(ResultSet row, @Nullable String metadata)
      throws SQLException {
    PolicyDefinition policy = policy(row);
    return new RuleDefinition(terms(row), policy, spending(row), metadata);
  }

  private static Spending spending(ResultSet row) throws SQLException {
    return new Spending(
        row.getInt("reserve_normal"),
        row.getInt("reserve_low"),
        row.getLong("max_wait_ms"),
        row.getLong("overdraft"));
  }

  private static PolicyDefinition policy(ResultSet row) throws SQLException {
    String algorithm = row.getString("algorithm");
    return new PolicyDefinition(
        algorithm == null ? null : known(row, algorithm, Algorithm.named(algorithm)),
        row.getObject("rate", Long.class),
        row.getObject("window_seconds", Long.class),
        row.getObject("burst", Long.class));
  }

  private static RuleTerms terms(ResultSet row) throws SQLException {
    String mode = row.getString("mode");
    String failMode = row.getString("fail_mode");
    return new RuleTerms(
        row.getString("tenant"),
        row.getString("name"),
        row.getString("client_id"),
        row.getString("limit_key"),
        match(row),
        by(row),
        known(row, mode, Mode.named(mode)),
        row.getBoolean("enabled"),
        row.getBoolean("shared"),
        row.getBoolean("always"),
        failMode == null ? null : known(row, failMode, FailMode.named(failMode)),
        instant(row, "valid_from"),
        instant(row, "valid_until"));
  }

  private static SortedMap<String, String> match(ResultSet row) throws SQLException {
    String match = row.getString("match");
    if (match == null) {
      throw invalid(row, "match must have at most %d bytes".formatted(MatchJson.MAX_BYTES));
    }
    try {
      return MatchJson.parse(match);
    } catch (InvalidRuleException e) {
      throw invalid(row, String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable List<String> by(ResultSet row) throws SQLException {
    String names = row.getString("by");
    if (names == null || names.isEmpty()) {
      return names == null ? null : List.of();
    }
    String first = names.endsWith(",") ? names.substring(0, names.length() - 1) : names;
    return List.of(first.split(",", -1));
  }

  private static <T> T known(ResultSet row, String word, Optional<T> meaning) throws SQLException {
    if (meaning.isEmpty()) {
      throw invalid(row, "\"%s\" is not known".formatted(word));
    }
    return meaning.get();
  }

  private static InvalidRuleSetException invalid(ResultSet row, String fault) throws SQLException {
    return new InvalidRuleSetException(
        "rule %d (%s of tenant %s): %s"
            .formatted(row.getLong("id"), row.getString("name"), row.getString("tenant"), fault));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
