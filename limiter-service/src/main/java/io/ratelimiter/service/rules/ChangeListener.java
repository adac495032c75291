package io.ratelimiter.service.rules;

import io.ratelimiter.service.database.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Hears PostgreSQL say that rules were changed, on a connection of its own, outside any transaction
 * and any pool. What is missed while it is away costs a poll interval, nothing else.
 */
final class ChangeListener implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(ChangeListener.class);

  /** How often a silent connection is asked whether it is alive. */
  private static final int SILENCE_MILLIS = 10_000;

  private static final int ALIVE_SECONDS = 2;

  private final DatabaseUrl url;
  private final Duration retryAfter;
  private final Runnable heard;

  private volatile boolean running;
  private @Nullable Thread thread;

  /**
   * @param retryAfter time between two attempts to connect
   * @param heard called after each change, and once as soon as changes are heard; must not block
   */
  ChangeListener(DatabaseUrl url, Duration retryAfter, Runnable heard) {
    this.url = url;
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
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("LISTEN limiter_rules");
      // What was changed before is not told; it may not have been read either.
      heard.run();
      await(connection);
    } catch (SQLException e) {
      log.debug("No rule changes are heard; polling finds them", e);
    }
  }

  private Connection connect() throws SQLException {
    Properties settings = new Properties();
    url.addCredentials(settings);
    settings.setProperty("ApplicationName", "rate-limiter rules listener");
    settings.setProperty("connectTimeout", "2");
    settings.setProperty("loginTimeout", "5");
    settings.setProperty("tcpKeepAlive", "true");
    return DriverManager.getConnection(url.jdbcUrl(), settings);
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
