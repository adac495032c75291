package io.ratelimiter.service.rules;

import io.ratelimiter.runtime.RootCause;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Where the instances note which rule set they obey, so that somebody can see all of them at once.
 * Both methods block for the database and throw {@link RulesUnavailableException} when it does not
 * answer.
 */
public final class InstanceBoard {

  /**
   * What one instance noted.
   *
   * @param silentSeconds since its note, by the database's clock
   */
  public record Seen(
      String instance,
      long rulesRevision,
      String rulesSource,
      Instant seenAt,
      long silentSeconds) {}

  private final JdbcClient jdbc;
  private final RulesStatus status;

  InstanceBoard(DataSource dataSource, RulesStatus status) {
    this.jdbc = JdbcClient.create(dataSource);
    this.status = status;
  }

  /** Notes what this instance obeys, and forgets whom nobody has seen for a day. */
  public void note(String instance) {
    RulesStatus.State state = status.state();
    try {
      jdbc.sql(
              """
              WITH gone AS (
                DELETE FROM limiter.instances
                WHERE seen_at < clock_timestamp() - interval '1 day' AND instance <> :instance)
              INSERT INTO limiter.instances (instance, rules_revision, rules_source)
              VALUES (:instance, :revision, :source)
              ON CONFLICT (instance) DO UPDATE
              SET rules_revision = excluded.rules_revision, rules_source = excluded.rules_source,
                seen_at = clock_timestamp()
              """)
          .param("instance", instance)
          .param("revision", state.revision())
          .param("source", state.source().wireName())
          .update();
    } catch (DataAccessException e) {
      throw new RulesUnavailableException(RootCause.message(e), e);
    }
  }

  /** Everybody who said something within the last day, by name. */
  public List<Seen> seen() {
    try {
      return jdbc.sql(
              """
              SELECT left(instance, 128) AS instance, rules_revision,
                left(rules_source, 32) AS rules_source, seen_at,
                extract(epoch FROM clock_timestamp() - seen_at)::bigint AS silent
              FROM limiter.instances WHERE seen_at > clock_timestamp() - interval '1 day'
              ORDER BY instance LIMIT 500
              """)
          .query((row, _) ->
              new Seen(
                  row.getString("instance"),
                  row.getLong("rules_revision"),
                  row.getString("rules_source"),
                  row.getObject("seen_at", OffsetDateTime.class).toInstant(),
                  row.getLong("silent")))
          .list();
    } catch (DataAccessException e) {
      throw new RulesUnavailableException(RootCause.message(e), e);
    }
  }
}
