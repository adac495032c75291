package io.ratelimiter.auditor.ops;

import io.ratelimiter.auditor.store.DatabaseUrl;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Looks at the environment before anything starts, so that a wrong value is one line. */
public final class SettingsCheck {

  private record Setting(String name, Predicate<String> reads, String allowed) {}

  private static final List<Setting> SETTINGS =
      List.of(
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
          oneOf("LOG_LEVEL", "TRACE", "DEBUG", "INFO", "WARN", "ERROR"),
          oneOf("LOG_LEVEL_KAFKA", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF"),
          oneOf("LOG_FORMAT", "text", "json"),
          new Setting(
              "DATABASE_URL",
              SettingsCheck::isDatabaseUrl,
              "postgresql://user:password@host:port/database or jdbc:postgresql:..."));

  private SettingsCheck() {}

  /** The first variable that cannot be read, with its value and what is allowed. */
  public static Optional<String> problem(Map<String, String> environment) {
    if (environment.getOrDefault("KAFKA_BOOTSTRAP_SERVERS", "").isBlank()) {
      return Optional.of("KAFKA_BOOTSTRAP_SERVERS is not set: allowed is host:port[,host:port...]");
    }
    for (Setting setting : SETTINGS) {
      String value = environment.getOrDefault(setting.name(), "");
      if (!value.isEmpty() && !setting.reads().test(value)) {
        return Optional.of(message(setting, value));
      }
    }
    return Optional.empty();
  }

  /** A database URL may hold a password: its value is not repeated whole. */
  private static String message(Setting setting, String value) {
    String shown = value.replaceAll("://[^@/]*@", "://...@").replaceAll("password=[^&]*", "...");
    return "%s=%s cannot be read: allowed is %s"
        .formatted(setting.name(), shown, setting.allowed());
  }

  private static Setting whole(String name, int least, int most) {
    return new Setting(
        name,
        value -> {
          try {
            int number = Integer.parseInt(value);
            return number >= least && number <= most;
          } catch (NumberFormatException _) {
            return false;
          }
        },
        "a whole number from " + least + " to " + most);
  }

  private static Setting oneOf(String name, String... values) {
    List<String> allowed = List.of(values);
    boolean upper = allowed.getFirst().equals(allowed.getFirst().toUpperCase(Locale.ROOT));
    return new Setting(
        name,
        value -> allowed.contains(upper ? value.toUpperCase(Locale.ROOT) : value),
        String.join(", ", allowed));
  }

  private static boolean isDatabaseUrl(String value) {
    try {
      return DatabaseUrl.parse(value) != null;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
