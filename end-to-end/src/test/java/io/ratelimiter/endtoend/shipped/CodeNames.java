package io.ratelimiter.endtoend.shipped;

import io.ratelimiter.schemas.topics.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import tools.jackson.databind.json.JsonMapper;

/**
 * Names that exist in the code, read from the sources and from documents that other tests compare
 * with the code: openapi.json and the tables of metrics in the modules' READMEs.
 */
final class CodeNames {

  private static final Path ROOT = Path.of("..");
  private static final Pattern SETTING = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)(?::([^}]*))?}");
  private static final Pattern READ_BY_CODE =
      Pattern.compile("(?:getenv|environment\\.get(?:OrDefault)?)\\(\\s*\"([A-Z][A-Z0-9_]*)\"");
  private static final Pattern READ_BY_SCRIPT = Pattern.compile("\\$\\{?([A-Z][A-Z0-9_]*)");
  private static final Pattern ROUTE = Pattern.compile("\"(/[a-z]+)\",\\s*request ->");

  /** Variables set by the machine, not by an operator. */
  private static final Set<String> SET_BY_THE_MACHINE = Set.of("HOSTNAME");

  private static final String KAFKA_CLIENT = "KAFKA_CLIENT_";

  private final Map<Module, Map<String, String>> settings = new TreeMap<>();
  private final Map<Module, Set<String>> paths = new TreeMap<>();
  private final Set<String> imageVariables;

  CodeNames() {
    for (Module module : Module.values()) {
      settings.put(module, settingsOf(module));
    }
    imageVariables = found(READ_BY_SCRIPT, read("deploy/docker/start"));
    paths.put(
        Module.LIMITER,
        new TreeSet<>(
            new JsonMapper()
                .readTree(read("schemas/src/main/resources/openapi.json"))
                .get("paths")
                .propertyNames()));
    paths.put(Module.AUDITOR, found(ROUTE, sources(Module.AUDITOR)));
  }

  private static Map<String, String> settingsOf(Module module) {
    Map<String, String> settings = new TreeMap<>();
    found(READ_BY_CODE, sources(module)).forEach(variable -> settings.put(variable, ""));
    settings.keySet().removeAll(SET_BY_THE_MACHINE);
    SETTING
        .matcher(read(module.folder() + "/src/main/resources/application.yml"))
        .results()
        .forEach(one -> settings.put(one.group(1), one.group(2)));
    return settings;
  }

  /** Whether a service or its JVM reads this environment variable. */
  boolean reads(Module module, String variable) {
    return settings.get(module).containsKey(variable)
        || imageVariables.contains(variable)
        || variable.equals("JAVA_TOOL_OPTIONS")
        || variable.startsWith("LOGGING_LEVEL_")
        || variable.startsWith(KAFKA_CLIENT) && kafkaProperties().contains(kafkaName(variable));
  }

  private static String kafkaName(String variable) {
    return variable.substring(KAFKA_CLIENT.length()).toLowerCase(Locale.ROOT).replace('_', '.');
  }

  private static Set<String> kafkaProperties() {
    Set<String> all = new HashSet<>(ProducerConfig.configNames());
    all.addAll(ConsumerConfig.configNames());
    all.addAll(AdminClientConfig.configNames());
    return all;
  }

  /** Variables of a service's settings, with their defaults. */
  Map<String, String> settingsFor(Module module) {
    return settings.get(module);
  }

  /** Default of a variable. */
  String defaultOf(Module module, String variable) {
    return settings.get(module).get(variable);
  }

  /** Variables for the ports of a service. */
  static Set<String> portVariables(Module module) {
    return module == Module.LIMITER ? Set.of("PORT", "CHECK_PORT") : Set.of("AUDITOR_PORT");
  }

  /** Whether a service answers this path; a path that ends with a slash means all paths below. */
  boolean serves(Module module, String path) {
    return path.endsWith("/")
        ? paths.get(module).stream().anyMatch(one -> one.startsWith(path))
        : paths.get(module).contains(path);
  }

  /** Metrics of both services, including the suffixed names of histograms. */
  static Set<String> metrics() {
    Set<String> metrics = new TreeSet<>();
    metricRows(row -> {
      if (row.group(2).equals("histogram")) {
        Stream.of("_bucket", "_count", "_sum", "_max")
            .forEach(suffix -> metrics.add(row.group(1) + suffix));
      } else {
        metrics.add(row.group(1));
      }
    });
    return metrics;
  }

  /** Labels of these metrics. */
  static Set<String> labels() {
    Set<String> labels = new TreeSet<>();
    metricRows(row -> Stream.of(row.group(3).split(",")).map(String::strip).forEach(labels::add));
    return labels;
  }

  private static void metricRows(java.util.function.Consumer<java.util.regex.MatchResult> each) {
    Pattern row =
        Pattern.compile("(?m)^\\| `(\\w+)` \\| (counter|gauge|histogram) \\| ([^|]*) \\|");
    for (Module module : Module.values()) {
      row.matcher(read(module.folder() + "/README.md")).results().forEach(each);
    }
  }

  /** Tables, views and functions in the auditor's schema. */
  static Set<String> auditRelations() {
    return found(
        Pattern.compile(
            "(?i)CREATE (?:OR REPLACE )?(?:TABLE|VIEW|FUNCTION) (?:IF NOT EXISTS )?(audit\\.\\w+)"),
        textBelow(Module.AUDITOR.folder() + "/src/main/resources/db/migration"));
  }

  static Set<String> topics() {
    return Set.of(Topics.DECISIONS, Topics.BLOCK_RATES, Topics.COMPLETENESS, Topics.DEAD_LETTERS);
  }

  /** Seconds that a stopping service waits for requests in flight, after draining. */
  int shutdownSeconds() {
    return found(
            Pattern.compile("stop-timeout: (\\d+)s"),
            read("limiter-service/src/main/resources/application.yml"))
        .stream()
        .mapToInt(Integer::parseInt)
        .sum();
  }

  private static String sources(Module module) {
    return textBelow(module.folder() + "/src/main/java");
  }

  private static String textBelow(String folder) {
    Shipped repository = new Shipped(ROOT);
    return repository.below(folder).stream().map(repository::text).collect(Collectors.joining());
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(one -> one.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String read(String file) {
    try {
      return Files.readString(ROOT.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
