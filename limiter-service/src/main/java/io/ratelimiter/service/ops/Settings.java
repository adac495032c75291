package io.ratelimiter.service.ops;

import io.ratelimiter.runtime.DatabaseUrl;
import io.ratelimiter.runtime.EnvironmentVariable;
import io.ratelimiter.schemas.topics.Topics;
import io.ratelimiter.service.api.access.AdminTokenForm;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.redis.connection.RedisProperties;
import io.ratelimiter.service.rules.live.FileRules;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Validates the environment variables before anything starts. */
public final class Settings {

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,20})(ms|s)");

  /** A host name, or an IPv6 address in brackets, with or without a port. */
  private static final String HOST = "(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?";

  private static final String HOSTS = HOST + "(," + HOST + ")*";

  private static final List<EnvironmentVariable> VARIABLES =
      List.of(
          EnvironmentVariable.number("PORT", 0, 65_535),
          EnvironmentVariable.number("CHECK_PORT", 0, 65_535),
          EnvironmentVariable.address("BIND_ADDRESS"),
          optional(
              "ALLOWED_HOSTS",
              "host names without ports, separated by commas, or *",
              "[A-Za-z0-9._:\\[\\]*-]+( *, *[A-Za-z0-9._:\\[\\]-]+)*"),
          EnvironmentVariable.word("PUBLIC_READ", "true", "false"),
          EnvironmentVariable.number("REDIS_PORT", 1, 65_535),
          EnvironmentVariable.number("REDIS_DB", 0, 1_000_000),
          EnvironmentVariable.word("REDIS_PLACEMENT", "client", "tenant"),
          EnvironmentVariable.number("REDIS_TIMEOUT_MS", 1, 60_000),
          optional(
              "REDIS_URL",
              "redis://, rediss:// or redis-sentinel://, then user:password@ where needed, then"
                  + " host:port, several of them with commas",
              "(redis|rediss|redis-sentinel)://([^@/]*@)?" + HOSTS + "(/[0-9]*)?([?#].*)?"),
          text("REDIS_HOST", "a host name or address", "\\S+", false),
          EnvironmentVariable.word(
              "ALGORITHM",
              "token_bucket",
              "fixed_window",
              "sliding_window",
              "sliding_window_counter"),
          EnvironmentVariable.word("FAIL_MODE", "open", "closed", "local"),
          EnvironmentVariable.number("INSTANCES", 1, 10_000),
          EnvironmentVariable.word("BLOCKED_STATUS", "200", "429"),
          new EnvironmentVariable(
              "ADMIN_TOKEN", AdminTokenForm.RULE, true, AdminTokenForm::acceptable),
          text(
              "DECISIONS_TOPIC",
              "a topic's name, up to 249 of A-Z a-z 0-9 . _ -, and not another topic's of this"
                  + " product",
              Topics::canHaveDecisions),
          EnvironmentVariable.number("DECISIONS_PARTITIONS", 1, 10_000),
          text(
              "REGION",
              "up to 63 of a-z 0-9 _ -, the first a letter or digit",
              "|[a-z0-9][a-z0-9_-]{0,62}",
              false),
          text("RULES_FILE", "a file that can be read", Settings::readable),
          text("SNAPSHOT_FILE", "a file in a folder that can be written to", Settings::inFolder),
          text("SPOOL_DIR", "a folder that can be written to", Settings::folder),
          text(
              "KAFKA_BOOTSTRAP_SERVERS",
              "host:port, several of them with commas",
              "(" + HOST + "(?<=[0-9]),?)*",
              false),
          text(
              "KAFKA_COMPRESSION",
              "none, gzip, snappy, lz4 or zstd",
              "(?i)none|gzip|snappy|lz4|zstd",
              false),
          EnvironmentVariable.number("SPOOL_MAX_BYTES", 8 << 20, Long.MAX_VALUE),
          text("INSTANCE_ID", "up to 128 of A-Z a-z 0-9 . _ -", "[A-Za-z0-9._-]{0,128}", false),
          text("SERVICE_NAME", "a name", ".*\\S.*", false),
          text(
              "DRAIN", "a whole number of ms or s such as 5s, at most an hour", Settings::duration),
          EnvironmentVariable.word("JAEGER_ENABLED", "true", "false"),
          text("JAEGER_HOST", "a host name or address", "\\S+", false),
          EnvironmentVariable.number("JAEGER_PORT", 1, 65_535),
          EnvironmentVariable.word("LOG_LEVEL", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF"),
          EnvironmentVariable.word("LOG_FORMAT", "text", "json"));

  private static final String DATABASE_URL = "DATABASE_URL";

  private Settings() {}

  /** Names of all validated variables. */
  static List<String> names() {
    return Stream.concat(VARIABLES.stream().map(EnvironmentVariable::name), Stream.of(DATABASE_URL))
        .toList();
  }

  /**
   * Returns one line for each invalid variable, with its name, its value unless it is secret, and
   * the valid values. Reads the file of {@code RULES_FILE}.
   */
  public static List<String> faults(Map<String, String> environment) {
    List<String> faults = new ArrayList<>();
    for (EnvironmentVariable variable : VARIABLES) {
      String value = environment.get(variable.name());
      if (value != null) {
        variable.fault(value).ifPresent(faults::add);
      }
    }
    DatabaseUrl.fault(environment.getOrDefault(DATABASE_URL, "")).ifPresent(faults::add);
    String file = environment.getOrDefault("RULES_FILE", "");
    if (!file.isEmpty() && readable(file)) {
      FileRules.fault(Path.of(file), sharedCounters(environment)).ifPresent(faults::add);
    }
    return faults;
  }

  private static boolean sharedCounters(Map<String, String> environment) {
    boolean tenant = environment.getOrDefault("REDIS_PLACEMENT", "").equalsIgnoreCase("tenant");
    return RedisProperties.sharedCounters(
        environment.get("REDIS_URL"), tenant ? Placement.TENANT : Placement.CLIENT);
  }

  private static EnvironmentVariable text(
      String name, String allowed, String pattern, boolean secret) {
    return new EnvironmentVariable(
        name, allowed, secret, Pattern.compile(pattern).asMatchPredicate());
  }

  private static EnvironmentVariable text(
      String name, String allowed, Predicate<String> acceptable) {
    return EnvironmentVariable.of(name, allowed, acceptable);
  }

  private static boolean duration(String value) {
    Matcher parts = DURATION.matcher(value);
    return parts.matches()
        && EnvironmentVariable.isWholeNumber(
            parts.group(1), 0, parts.group(2).equals("s") ? 3_600 : 3_600_000);
  }

  private static boolean readable(String value) {
    try {
      return value.isEmpty()
          || (Files.isRegularFile(Path.of(value)) && Files.isReadable(Path.of(value)));
    } catch (InvalidPathException _) {
      return false;
    }
  }

  /** Whether the folder is writable, or can be created. */
  private static boolean folder(String value) {
    try {
      return Stream.iterate(Path.of(value).toAbsolutePath(), Objects::nonNull, Path::getParent)
          .filter(Files::exists)
          .findFirst()
          .map(nearest -> Files.isDirectory(nearest) && Files.isWritable(nearest))
          .orElse(false);
    } catch (InvalidPathException _) {
      return false;
    }
  }

  private static boolean inFolder(String value) {
    try {
      return value.isEmpty() || folder(String.valueOf(Path.of(value).toAbsolutePath().getParent()));
    } catch (InvalidPathException _) {
      return false;
    }
  }

  /** A variable that may be empty, which means unset, and may contain a password. */
  private static EnvironmentVariable optional(String name, String allowed, String pattern) {
    return text(name, allowed, "|" + pattern, true);
  }
}
