package io.ratelimiter.service.rules.store;

import io.ratelimiter.runtime.DatabaseSession;
import io.ratelimiter.runtime.DatabaseUrl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Listens for PostgreSQL's notifications that rules were changed, on a connection of its own,
 * outside any transaction and any pool. A notification is only a hint: after a missed one, the
 * change is found by the next poll. Behind a pooler, which may give each transaction another
 * session, it does not listen.
 */
final class ChangeListener implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(ChangeListener.class);

  /** How often a silent connection is asked whether it is alive. */
  private static final int SILENCE_MILLIS = 10_000;

  private static final int ALIVE_SECONDS = 2;

  private final DatabaseSession session;
  private final Duration retryAfter;
  private final Runnable heard;

  private volatile boolean running;
  private @Nullable Thread thread;

  /**
   * @param retryAfter time between two attempts to connect
   * @param heard called after each change, and once as soon as changes are heard; must not block
   */
  ChangeListener(DatabaseUrl url, Duration retryAfter, Runnable heard) {
    this.session = new DatabaseSession(url, "rate-limiter rules listener", Duration.ZERO);
    this.retryAfter = retryAfter;
    this.heard = heard;
  }

  @Override
  public void start() {
    running = true;
    thread = Thread.ofVirtual().name("rules-listener").start(this::run);
  }

  private void run() {
    try {
      while (running) {
        listen();
        Thread.sleep(retryAfter);
      }
    } catch (InterruptedException e) {
      log.debug("Stopped", e);
    }
  }

  private void listen() {
    try (Connection connection = session.open();
        Statement statement = connection.createStatement()) {
      if (isPooled(connection, statement)) {
        log.info(
            "DATABASE_URL leads through a connection pooler: rule changes are found by polling");
        running = false;
        return;
      }
      statement.execute("LISTEN limiter_rules");
      // What was changed before is not told; it may not have been read either.
      heard.run();
      await(connection);
    } catch (SQLException e) {
      log.debug("No rule changes are heard; polling finds them", e);
    }
  }

  /** A pooler's greeting has a process id of its own, not the server's. */
  private static boolean isPooled(Connection connection, Statement statement) throws SQLException {
    try (ResultSet backend = statement.executeQuery("SELECT pg_backend_pid()")) {
      backend.next();
      return backend.getInt(1) != connection.unwrap(PGConnection.class).getBackendPID();
    }
  }

  private void await(Connection connection) throws SQLException {
    PGConnection postgres = connection.unwrap(PGConnection.class);
    while (running) {
      if (postgres.getNotifications(SILENCE_MILLIS).length > 0) {
        heard.run();
      } else if (!connection.isValid(ALIVE_SECONDS)) {
        return;
      }
    }
  }

  /** Closes the connection: a virtual thread that reads a socket is interrupted by closing it. */
  @Override
  public void stop() {
    running = false;
    if (thread != null) {
      thread.interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
