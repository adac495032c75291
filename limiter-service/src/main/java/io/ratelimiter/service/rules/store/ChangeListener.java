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
 * Listens for PostgreSQL's notifications of changed rules, on a connection of its own, outside any
 * transaction and any pool. A notification is only a hint: a change whose notification is lost is
 * found by the next poll. Does not listen through a connection pooler, where each transaction may
 * run in another session.
 */
final class ChangeListener implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(ChangeListener.class);

  /** After this time without a notification the connection is checked. */
  private static final int SILENCE_MILLIS = 10_000;

  private static final int CHECK_TIMEOUT_SECONDS = 2;

  private final DatabaseSession session;
  private final Duration retryAfter;
  private final Runnable onChange;

  private volatile boolean running;
  private @Nullable Thread thread;

  /**
   * @param retryAfter time between two attempts to connect
   * @param onChange called after each change, and once after each connect; must not block
   */
  ChangeListener(DatabaseUrl url, Duration retryAfter, Runnable onChange) {
    this.session = new DatabaseSession(url, "rate-limiter rules listener", Duration.ZERO);
    this.retryAfter = retryAfter;
    this.onChange = onChange;
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
        log.info("DATABASE_URL names a connection pooler: rule changes are found by polling");
        running = false;
        return;
      }
      statement.execute("LISTEN limiter_rules");
      // Earlier changes are not notified, and may not have been read yet.
      onChange.run();
      await(connection);
    } catch (SQLException e) {
      log.debug("No notifications of rule changes; polling finds them", e);
    }
  }

  /** A pooler sends a process id of its own at connect, not the server's. */
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
        onChange.run();
      } else if (!connection.isValid(CHECK_TIMEOUT_SECONDS)) {
        return;
      }
    }
  }

  /** Interrupts the thread; for a virtual thread that reads a socket, this closes the socket. */
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
