package io.ratelimiter.auditor.ops;

import io.ratelimiter.runtime.DatabaseUrl;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks at the environment before anything starts, so that a wrong value is one line. */
public final class SettingsCheck {

  private record Setting(String name, Predicate<String> reads, String allowed) {}

  private static final String[] LEVELS = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF"};

  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,10}");

  /** Variables that may be empty, which means that they are not set. */
  private static final Set<String> OPTIONAL = Set.of("DATABASE_URL");

  /** An IPv6 address must be in brackets. */
  private static final String HOST = "(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+):[0-9]{1,5}";

  private static final List<Setting> SETTINGS =
      List.of(
          new Setting(
              "KAFKA_BOOTSTRAP_SERVERS",
              Pattern.compile("(" + HOST + "(?<=[0-9]),?)+").asMatchPredicate(),
              "host:port[,host:port...]"),
          whole("AUDITOR_PORT", 0, 65_535),
          whole("DECISIONS_PARTITIONS", 1, 10_000),
          whole("AUDIT_GENERATION", 1, Integer.MAX_VALUE),
          whole("AUDIT_MAX_LATENESS_HOURS", 1, 144),
          whole("AUDIT_RETENTION_DAYS", 1, 3_650),
          whole("AUDIT_TOTALS_RETENTION_DAYS", 1, 3_650),
          whole("AUDIT_THREADS", 1, 256),
          whole("AUDIT_COMMIT_INTERVAL_MS", 100, 60_000),
          oneOf("AUDIT_CLIENT_DETAIL", "all", "blocked"),
          oneOf("AUDIT_GROUP_PROTOCOL", "classic", "streams"),
          oneOf("LOG_LEVEL", LEVELS),
          oneOf("LOG_LEVEL_KAFKA", LEVELS),
          oneOf("LOG_FORMAT", "text", "json"),
          oneOf("JAEGER_ENABLED", "true", "false"),
          whole("JAEGER_PORT", 1, 65_535),
          new Setting("JAEGER_HOST", value -> !value.isBlank(), "a host name or address"),
          new Setting("BIND_ADDRESS", SettingsCheck::isAddress, "an address of this machine"),
          new Setting("STATE_DIR", SettingsCheck::isPath, "a folder"));

  private static final String DATABASE_URL = "DATABASE_URL";

  private SettingsCheck() {}

  /** The first variable that cannot be read, with its value and what is allowed. */
  public static Optional<String> problem(Map<String, String> environment) {
    if (environment.getOrDefault("KAFKA_BOOTSTRAP_SERVERS", "").isBlank()) {
      return Optional.of("KAFKA_BOOTSTRAP_SERVERS is not set: allowed is host:port[,host:port...]");
    }
    for (Setting setting : SETTINGS) {
      String value = environment.get(setting.name());
      if (value != null && !isUnset(setting, value) && !setting.reads().test(value)) {
        return Optional.of(message(setting, value));
      }
    }
    return DatabaseUrl.fault(environment.getOrDefault(DATABASE_URL, ""));
  }

  private static boolean isUnset(Setting setting, String value) {
    return value.isEmpty() && OPTIONAL.contains(setting.name());
  }

  /** The variables that are checked. */
  static Stream<String> names() {
    return Stream.concat(SETTINGS.stream().map(Setting::name), Stream.of(DATABASE_URL));
  }

  private static String message(Setting setting, String value) {
    return "%s=%s cannot be read: allowed is %s"
        .formatted(setting.name(), value, setting.allowed());
  }

  private static Setting whole(String name, int least, int most) {
    return new Setting(
        name,
        value -> WHOLE.matcher(value).matches() && isWithin(Long.parseLong(value), least, most),
        "a whole number from " + least + " to " + most);
  }

  /** A setting with one of these values, in any case. */
  private static Setting oneOf(String name, String... values) {
    return new Setting(
        name,
        value -> Stream.of(values).anyMatch(value::equalsIgnoreCase),
        String.join(", ", values));
  }

  private static boolean isWithin(long number, int least, int most) {
    return number >= least && number <= most;
  }

  private static boolean isAddress(String value) {
    try {
      return !value.isBlank() && InetAddress.getByName(value) != null;
    } catch (UnknownHostException _) {
      return false;
    }
  }

  private static boolean isPath(String value) {
    try {
      return !value.isBlank() && !Files.isRegularFile(Path.of(value));
    } catch (InvalidPathException _) {
      return false;
    }
  }
}
