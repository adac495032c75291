package io.ratelimiter.auditor.ops;

import io.ratelimiter.runtime.DatabaseUrl;
import io.ratelimiter.runtime.EnvironmentVariable;
import io.ratelimiter.schemas.topics.Topics;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Checks the environment before the start, so that a wrong value is reported in one line. */
public final class SettingsCheck {

  private static final String DATABASE_URL = "DATABASE_URL";
  private static final String BOOTSTRAP_SERVERS = "KAFKA_BOOTSTRAP_SERVERS";
  private static final String SERVERS_ALLOWED = "host:port, several of them with commas";
  private static final String[] LEVELS = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF"};

  /** Max length of a decisions topic's name: names of changelog topics contain it. */
  private static final int TOPIC_CHARACTERS = 190;

  private static final String TOPICS_ALLOWED =
      "the name of a topic of decisions with up to %d characters, several of them with commas"
          .formatted(TOPIC_CHARACTERS);

  /** A host and port; an IPv6 address must be in brackets. */
  private static final String SERVER = "(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+):[0-9]{1,5}";

  private static final Pattern SERVERS = Pattern.compile("(" + SERVER + "(?<=[0-9]),?)+");

  private static final List<EnvironmentVariable> VARIABLES =
      List.of(
          EnvironmentVariable.of(BOOTSTRAP_SERVERS, SERVERS_ALLOWED, SERVERS.asMatchPredicate()),
          EnvironmentVariable.number("AUDITOR_PORT", 0, 65_535),
          EnvironmentVariable.of(
              "DECISIONS_TOPIC", TOPICS_ALLOWED, SettingsCheck::areDecisionsTopics),
          EnvironmentVariable.number("DECISIONS_PARTITIONS", 1, 10_000),
          EnvironmentVariable.number("AUDIT_GENERATION", 1, Integer.MAX_VALUE),
          EnvironmentVariable.number("AUDIT_MAX_LATENESS_HOURS", 1, 144),
          EnvironmentVariable.number("AUDIT_RETENTION_DAYS", 1, 3_650),
          EnvironmentVariable.number("AUDIT_TOTALS_RETENTION_DAYS", 1, 3_650),
          EnvironmentVariable.number("AUDIT_THREADS", 1, 256),
          EnvironmentVariable.number("AUDIT_COMMIT_INTERVAL_MS", 100, 60_000),
          EnvironmentVariable.word("AUDIT_CLIENT_DETAIL", "all", "blocked"),
          EnvironmentVariable.word("AUDIT_BILLS", "off", "tenant", "client"),
          EnvironmentVariable.word("AUDIT_GROUP_PROTOCOL", "classic", "streams"),
          EnvironmentVariable.word("LOG_LEVEL", LEVELS),
          EnvironmentVariable.word("LOG_LEVEL_KAFKA", LEVELS),
          EnvironmentVariable.word("LOG_FORMAT", "text", "json"),
          EnvironmentVariable.word("JAEGER_ENABLED", "true", "false"),
          EnvironmentVariable.number("JAEGER_PORT", 1, 65_535),
          EnvironmentVariable.of(
              "JAEGER_HOST", "a host name or address", value -> !value.isBlank()),
          EnvironmentVariable.address("BIND_ADDRESS"),
          EnvironmentVariable.of("STATE_DIR", "a folder", SettingsCheck::isFolder));

  private SettingsCheck() {}

  /**
   * The first fault of the environment, in one line that names the variable and what is allowed.
   *
   * @param environment variables by name; an absent one has its default
   */
  public static Optional<String> fault(Map<String, String> environment) {
    if (environment.getOrDefault(BOOTSTRAP_SERVERS, "").isBlank()) {
      return Optional.of(BOOTSTRAP_SERVERS + " must be " + SERVERS_ALLOWED + "; it is not set");
    }
    for (EnvironmentVariable variable : VARIABLES) {
      String value = environment.get(variable.name());
      Optional<String> fault = value == null ? Optional.empty() : variable.fault(value);
      if (fault.isPresent()) {
        return fault;
      }
    }
    return DatabaseUrl.fault(environment.getOrDefault(DATABASE_URL, ""));
  }

  /** The variables that are checked. */
  static Stream<String> names() {
    return Stream.concat(
        VARIABLES.stream().map(EnvironmentVariable::name), Stream.of(DATABASE_URL));
  }

  private static boolean areDecisionsTopics(String value) {
    List<String> names = List.of(value.split(",", -1));
    return names.size() == Set.copyOf(names).size()
        && names.stream()
            .allMatch(name -> Topics.canHaveDecisions(name) && name.length() <= TOPIC_CHARACTERS);
  }

  private static boolean isFolder(String value) {
    try {
      return !value.isBlank() && !Files.isRegularFile(Path.of(value));
    } catch (InvalidPathException _) {
      return false;
    }
  }
}
