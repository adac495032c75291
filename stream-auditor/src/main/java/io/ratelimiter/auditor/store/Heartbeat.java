package io.ratelimiter.auditor.store;

import io.ratelimiter.runtime.RepeatedTask;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Writes the time into {@code audit.heartbeat} every few seconds while the sink writes and the
 * run's rows are shown, so that readers of the tables can distinguish an hour without traffic from
 * a stopped auditor.
 */
final class Heartbeat implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final String BEAT =
      """
      INSERT INTO audit.heartbeat (beat_at)
      SELECT clock_timestamp() WHERE coalesce(audit.serving_generation(), ?) = ?
      ON CONFLICT (only_row) DO UPDATE SET beat_at = excluded.beat_at
      """;

  private final DataSource database;
  private final Sink sink;
  private final int generation;
  private final RepeatedTask repeated = new RepeatedTask("audit-heartbeat", INTERVAL, this::beat);

  Heartbeat(DataSource database, Sink sink, int generation) {
    this.database = database;
    this.sink = sink;
    this.generation = generation;
  }

  @Override
  public void start() {
    repeated.start();
  }

  private void beat() {
    if (!sink.writes()) {
      return;
    }
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(BEAT)) {
      statement.setInt(1, generation);
      statement.setInt(2, generation);
      statement.executeUpdate();
    } catch (SQLException e) {
      log.debug("The heartbeat was not written; the sink logs the fault", e);
    }
  }

  /** Stops before the sink, which closes the database. */
  @Override
  public int getPhase() {
    return 0;
  }

  @Override
  public void stop() {
    repeated.stop();
  }

  @Override
  public boolean isRunning() {
    return repeated.running();
  }
}
