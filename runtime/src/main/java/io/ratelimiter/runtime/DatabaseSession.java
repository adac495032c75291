package io.ratelimiter.runtime;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * Opens sessions with PostgreSQL. A parameter of the URL overrides the settings made here.
 *
 * @param name the session's {@code application_name}
 * @param answerTimeout max wait for an answer, after which the connection is closed; zero: no limit
 */
public record DatabaseSession(DatabaseUrl url, String name, Duration answerTimeout) {

  /** Max wait for a connection to be opened. */
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /**
   * Opens a session; blocks.
   *
   * @throws WrongEncodingException when the database's encoding is not UTF-8
   */
  public Connection open() throws SQLException {
    Properties settings = settings();
    // Bounds the wait for the server's greeting, which the connect timeout does not.
    settings.setProperty("loginTimeout", "5");
    // Not by DriverManager, which loads all drivers: one of them configures logging too early.
    Connection session = new Driver().connect(url.jdbcUrl(), settings);
    if (session == null) {
      throw new SQLException("not a URL of PostgreSQL");
    }
    return WrongEncodingException.check(session);
  }

  /** Only strings: the driver ignores a property of another type. */
  Properties settings() {
    Properties settings = new Properties();
    url.addCredentials(settings);
    settings.setProperty("ApplicationName", name);
    settings.setProperty("connectTimeout", String.valueOf(CONNECT_TIMEOUT.toSeconds()));
    settings.setProperty("socketTimeout", String.valueOf(answerTimeout.toSeconds()));
    settings.setProperty("tcpKeepAlive", "true");
    // A pooler may run the next transaction in another session of the server, which does not have
    // the statements that this session prepared.
    settings.setProperty("prepareThreshold", "0");
    return settings;
  }

  /**
   * The fault of the database's encoding, in one line that names the variable; empty if the
   * encoding is UTF-8 or the database does not answer. Blocks for some seconds at most.
   *
   * @param url value of {@code DATABASE_URL}; empty: no database is configured
   */
  public static Optional<String> fault(String url) {
    if (url.isEmpty()) {
      return Optional.empty();
    }
    DatabaseSession session =
        new DatabaseSession(DatabaseUrl.parse(url), "rate-limiter start", CONNECT_TIMEOUT);
    try (Connection _ = session.open()) {
      return Optional.empty();
    } catch (WrongEncodingException e) {
      return Optional.ofNullable(e.getMessage());
    } catch (SQLException _) {
      // Not available yet: the services start without it and report that in /health.
      return Optional.empty();
    }
  }
}
