package io.ratelimiter.service.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code DATABASE_URL} says.
 *
 * @param jdbcUrl without credentials unless they stood among the parameters of a JDBC URL
 * @param user may be empty
 * @param password may be empty
 */
public record DatabaseUrl(String jdbcUrl, String user, String password) {

  private static final String JDBC = "jdbc:postgresql:";
  private static final Pattern URL =
      Pattern.compile(
          "postgres(?:ql)?://(?:(?<user>[^:@/?]*)(?::(?<password>[^@/?]*))?@)?"
              + "(?<hosts>[^@/?]*)(?:/(?<database>[^/?]*))?(?<parameters>\\?.*)?");
  private static final Pattern SECRET = Pattern.compile("(?<=://).*(?=@)|(?<=password=)[^&]*");

  /**
   * Reads {@code postgresql://user:pw@host:port/db} or {@code jdbc:postgresql:…}. User and password
   * of the first form are percent-decoded; parameters are pgjdbc's.
   *
   * @throws IllegalArgumentException naming the variable, the value without its password, and what
   *     is allowed
   */
  public static DatabaseUrl parse(String url) {
    if (url.startsWith(JDBC)) {
      return new DatabaseUrl(url, "", "");
    }
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "DATABASE_URL must be postgresql://user:password@host:port/database or %s…, not \"%s\""
              .formatted(JDBC, SECRET.matcher(url).replaceAll("***")));
    }
    return new DatabaseUrl(
        "%s//%s/%s%s"
            .formatted(
                JDBC, parts.group("hosts"), given(parts, "database"), given(parts, "parameters")),
        decoded(given(parts, "user")),
        decoded(given(parts, "password")));
  }

  private static String given(Matcher parts, String group) {
    return Objects.requireNonNullElse(parts.group(group), "");
  }

  private static String decoded(String part) {
    // In this part of a URL a plus sign is itself.
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Adds {@code user} and {@code password}, as far as they are given. */
  public void addCredentials(Properties settings) {
    if (!user.isEmpty()) {
      settings.setProperty("user", user);
    }
    if (!password.isEmpty()) {
      settings.setProperty("password", password);
    }
  }

  @Override
  public String toString() {
    return SECRET.matcher(jdbcUrl).replaceAll("***");
  }
}
