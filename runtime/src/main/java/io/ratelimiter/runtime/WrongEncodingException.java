package io.ratelimiter.runtime;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * The database's encoding is not UTF-8: it would permanently refuse the row of a client whose name
 * its encoding lacks, and all later rows would wait behind that row.
 */
public final class WrongEncodingException extends SQLException {

  private static final String NEEDED = "UTF8";

  private WrongEncodingException(@Nullable String encoding) {
    super(
        ("DATABASE_URL must name a database whose encoding is UTF8, not %s: CREATE DATABASE …"
                + " ENCODING 'UTF8' TEMPLATE template0")
            .formatted(encoding));
  }

  /**
   * Returns the connection, or closes it if the encoding is not UTF-8. Sends no query: the server
   * names its encoding in its greeting, and a pooler repeats it.
   */
  static Connection check(Connection connection) throws SQLException {
    String encoding =
        connection.unwrap(PGConnection.class).getParameterStatuses().get("server_encoding");
    if (NEEDED.equals(encoding)) {
      return connection;
    }
    connection.close();
    throw new WrongEncodingException(encoding);
  }
}
