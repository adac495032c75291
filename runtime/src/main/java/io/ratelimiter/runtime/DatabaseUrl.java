package io.ratelimiter.runtime;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of {@code DATABASE_URL}.
 *
 * @param jdbcUrl without credentials unless they are among its parameters
 * @param user may be empty
 * @param password may be empty
 */
public record DatabaseUrl(String jdbcUrl, String user, String password) {

  /** The allowed forms, for messages. */
  public static final String ALLOWED =
      "postgresql://user:password@host:port/database or jdbc:postgresql:…";

  private static final String JDBC = "jdbc:postgresql:";

  private static final Pattern URL =
      Pattern.compile(
          "(?:jdbc:)?postgres(?:ql)?://(?:(?<user>[^:@/?]*)(?::(?<password>[^@/?]*))?@)?"
              + "(?<hosts>[^@/?]*)(?:/(?<database>[^/?]*))?(?<parameters>\\?.*)?");

  /** A name, an IPv4 address, or an IPv6 address in brackets; a name may have underscores. */
  private static final Pattern HOST =
      Pattern.compile("(?:\\[[0-9A-Fa-f:.%]+]|[A-Za-z0-9._-]+)(?::(?<port>.*))?");

  /** Spring interprets braces and apostrophes in settings: ${…}, #{…}, '…'. */
  private static final Pattern FORBIDDEN = Pattern.compile("[\\s\\p{Cntrl}'{}]");

  private static final Pattern SECRET = Pattern.compile("(?<=password=)[^&]*");

  /**
   * Reads {@code postgresql://user:password@host:port/database} or {@code jdbc:postgresql:…}.
   * Several hosts have commas between them; user, password, port and database may be missing; user
   * and password are percent-decoded; parameters are those of the JDBC driver.
   *
   * @throws IllegalArgumentException with the message of {@link #fault}
   */
  public static DatabaseUrl parse(String url) {
    try {
      return read(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "DATABASE_URL must be %s: %s".formatted(ALLOWED, e.getMessage()));
    }
  }

  /**
   * The fault of a value, in one line that names the variable. The value is not repeated, since it
   * may contain a password. Empty if there is no fault, and for an empty value: no database.
   */
  public static Optional<String> fault(String url) {
    try {
      if (!url.isEmpty()) {
        parse(url);
      }
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  private static DatabaseUrl read(String url) {
    if (FORBIDDEN.matcher(url).find()) {
      throw new IllegalArgumentException(
          "it contains a blank, a line break, an apostrophe or a brace: percent-encode it");
    }
    if (url.startsWith(JDBC) && !url.startsWith(JDBC + "//")) {
      return new DatabaseUrl(url, "", "");
    }
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "it has another form; reserved characters of user and password are percent-encoded");
    }
    String parameters = part(parts, "parameters");
    decoded("the parameters", parameters);
    return new DatabaseUrl(
        "%s//%s/%s%s"
            .formatted(
                JDBC,
                hosts(part(parts, "hosts"), url.startsWith(JDBC)),
                // The driver decodes a plus sign as a blank; in this form it is a plus sign.
                part(parts, "database").replace("+", "%2B"),
                parameters),
        decoded("the user", part(parts, "user")),
        decoded("the password", part(parts, "password")));
  }

  private static String part(Matcher parts, String group) {
    return Objects.requireNonNullElse(parts.group(group), "");
  }

  /** The driver reads a missing host as localhost; in the postgresql:// form it is a mistake. */
  private static String hosts(String hosts, boolean mayBeEmpty) {
    if (!hosts.isEmpty() || !mayBeEmpty) {
      Arrays.stream(hosts.split(",", -1)).forEach(DatabaseUrl::checkHost);
    }
    return hosts;
  }

  private static void checkHost(String host) {
    if (host.isEmpty() || host.startsWith(":")) {
      throw new IllegalArgumentException("a host is missing");
    }
    Matcher parts = HOST.matcher(host);
    if (!parts.matches()) {
      throw new IllegalArgumentException("a host is neither a name nor an address");
    }
    String port = parts.group("port");
    if (port != null && !EnvironmentVariable.isWholeNumber(port, 1, 65_535)) {
      throw new IllegalArgumentException("a port is not a whole number from 1 to 65535");
    }
  }

  /** In these parts of a URL a plus sign is not a blank. */
  private static String decoded(String what, String part) {
    try {
      String decoded = URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
      if (decoded.indexOf('\uFFFD') < 0) {
        return decoded;
      }
    } catch (IllegalArgumentException _) {
      // Its message would repeat the part.
    }
    throw new IllegalArgumentException(what + " cannot be percent-decoded");
  }

  /** Adds {@code user} and {@code password} unless they are empty. */
  void addCredentials(Properties settings) {
    if (!user.isEmpty()) {
      settings.setProperty("user", user);
    }
    if (!password.isEmpty()) {
      settings.setProperty("password", password);
    }
  }

  /** The URL without any password. */
  @Override
  public String toString() {
    return SECRET.matcher(jdbcUrl).replaceAll("***");
  }
}
