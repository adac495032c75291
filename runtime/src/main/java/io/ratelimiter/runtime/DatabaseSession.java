package io.ratelimiter.runtime;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

/**
 * How a session with PostgreSQL is opened. A parameter of the URL wins over what is set here.
 *
 * @param name what the database shows of the session
 * @param answerTimeout longest wait for an answer, then the connection is given up; zero: no limit
 */
public record DatabaseSession(DatabaseUrl url, String name, Duration answerTimeout) {

  /** Longest wait for a connection to be opened. */
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /**
   * Opens it; blocks.
   *
   * @throws WrongEncodingException where the database cannot be used
   */
  public Connection open() throws SQLException {
    Properties settings = settings();
    // Besides the connection itself: the server's greeting.
    settings.setProperty("loginTimeout", "5");
    return WrongEncodingException.check(DriverManager.getConnection(url.jdbcUrl(), settings));
  }

  /** Only texts: the driver takes a property of another type for none. */
  Properties settings() {
    Properties settings = new Properties();
    url.addCredentials(settings);
    settings.setProperty("ApplicationName", name);
    settings.setProperty("connectTimeout", String.valueOf(CONNECT_TIMEOUT.toSeconds()));
    settings.setProperty("socketTimeout", String.valueOf(answerTimeout.toSeconds()));
    settings.setProperty("tcpKeepAlive", "true");
    // Behind a pooler the next transaction may run in another session of the server, where a
    // statement that this one prepared is not known.
    settings.setProperty("prepareThreshold", "0");
    return settings;
  }

  /**
   * One line that names the variable where the database answers now and cannot be used; empty where
   * it can be used, and where it does not answer. Blocks for some seconds at most.
   *
   * @param url value of {@code DATABASE_URL}; empty: there is no database
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
      // Not there yet: the services start without it, and report it.
      return Optional.empty();
    }
  }
}
