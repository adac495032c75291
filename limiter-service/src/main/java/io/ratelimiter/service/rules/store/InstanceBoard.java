package io.ratelimiter.service.rules.store;

import io.ratelimiter.service.rules.live.LiveRules;
import io.ratelimiter.service.rules.live.RulesState;
import io.ratelimiter.service.rules.live.RulesUnavailableException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table in which each instance records its rule set, so that one instance can show all. Both
 * methods block for the database and throw {@link RulesUnavailableException} when it does not
 * answer.
 */
public final class InstanceBoard {

  /**
   * The last record of one instance.
   *
   * @param silentSeconds age of the record, by the database's clock
   */
  public record Seen(
      String instance,
      long rulesRevision,
      String rulesSource,
      Instant seenAt,
      long silentSeconds) {}

  private final JdbcClient jdbc;
  private final LiveRules live;

  InstanceBoard(DataSource dataSource, LiveRules live) {
    this.jdbc = JdbcClient.create(dataSource);
    this.live = live;
  }

  /** Records this instance's rule set, and deletes instances that have been silent for a day. */
  public void note(String instance) {
    RulesState state = live.state();
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
      throw new RulesUnavailableException(e);
    }
  }

  /** The instances with a record of the last day, by name; at most 500. */
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
      throw new RulesUnavailableException(e);
    }
  }
}
