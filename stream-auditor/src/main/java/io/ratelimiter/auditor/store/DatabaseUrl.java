package io.ratelimiter.auditor.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is.
 *
 * @param jdbcUrl for the driver
 * @param user null where the JDBC URL names it, or nobody does
 * @param password as {@code user}
 */
public record DatabaseUrl(String jdbcUrl, @Nullable String user, @Nullable String password) {

  private static final String JDBC = "jdbc:postgresql:";

  /**
   * Reads {@code postgresql://user:password@host:port/database} or {@code jdbc:postgresql:...}.
   *
   * @throws IllegalArgumentException when it is neither; the message does not repeat the value
   */
  public static DatabaseUrl parse(String value) {
    if (value.startsWith(JDBC)) {
      return new DatabaseUrl(value, null, null);
    }
    URI uri = uri(value);
    boolean isPostgres = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
    String path = uri.getRawPath();
    if (!isPostgres || uri.getHost() == null || path == null || path.length() < 2) {
      throw new IllegalArgumentException("neither postgresql://... nor jdbc:postgresql:...");
    }
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String[] userInfo =
        uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
    return new DatabaseUrl(
        JDBC + "//" + uri.getHost() + port + path + query,
        userInfo.length > 0 ? decoded(userInfo[0]) : null,
        userInfo.length > 1 ? decoded(userInfo[1]) : null);
  }

  private static URI uri(String value) {
    try {
      return new URI(value);
    } catch (URISyntaxException _) {
      // Its message would repeat the password.
      throw new IllegalArgumentException("not a URL");
    }
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
