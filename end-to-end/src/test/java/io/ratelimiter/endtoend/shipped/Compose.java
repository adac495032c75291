package io.ratelimiter.endtoend.shipped;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** {@code docker-compose.yml}: its services, their environment, ports and mounts. */
final class Compose {

  static final String FILE = "docker-compose.yml";

  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)(?::?-([^}]*)|:?\\?[^}]*)?}");
  private static final Pattern LISTENER = Pattern.compile("[A-Z_]+://[^:,]*:(\\d+)");

  /** Default ports of third-party servers. */
  private static final Map<String, Set<Integer>> THIRD_PARTY =
      Map.of(
          "redis", Set.of(6379),
          "postgres", Set.of(5432),
          "prom/prometheus", Set.of(9090),
          "grafana", Set.of(3000),
          "jaeger", Set.of(16686, 4317, 4318));

  private final Shipped shipped;
  private final CodeNames code;
  private final JsonNode file;

  Compose(Shipped shipped, CodeNames code) {
    this.shipped = shipped;
    this.code = code;
    this.file = shipped.document(FILE);
  }

  CodeNames code() {
    return code;
  }

  Set<String> services() {
    return new TreeSet<>(file.path("services").propertyNames());
  }

  private JsonNode service(String name) {
    return file.path("services").path(name);
  }

  /** The product's module that a service runs, if any. */
  Optional<Module> module(String service) {
    JsonNode one = service(service);
    return Module.namedIn(one.path("build") + one.path("image").asString(""));
  }

  /** The image of a service, with its tag. */
  String image(String service) {
    return filledIn(service(service).path("image").asString(""));
  }

  /** Variables of a service, with references to the caller's environment at their defaults. */
  Map<String, String> environment(String service) {
    Map<String, String> environment = new LinkedHashMap<>();
    JsonNode declared = service(service).path("environment");
    declared
        .properties()
        .forEach(one -> environment.put(one.getKey(), filledIn(text(one.getValue()))));
    if (declared.isArray()) {
      for (String one : Shipped.strings(declared)) {
        int equals = one.indexOf('=');
        environment.put(
            equals < 0 ? one : one.substring(0, equals),
            equals < 0 ? "" : filledIn(one.substring(equals + 1)));
      }
    }
    return environment;
  }

  /** A variable without a value is taken from the caller's environment. */
  private static String text(JsonNode value) {
    return value.isNull() ? "" : value.asString();
  }

  /** Variables of the caller's environment that a text refers to. */
  static Set<String> variables(String text) {
    return VARIABLE
        .matcher(text)
        .results()
        .map(one -> one.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static String filledIn(String value) {
    return VARIABLE
        .matcher(value)
        .replaceAll(one ->
            java.util.regex.Matcher.quoteReplacement(one.group(2) == null ? "" : one.group(2)));
  }

  /** Ports of a service; empty if unknown. */
  Set<Integer> listens(String service) {
    Optional<Module> module = module(service);
    if (module.isPresent()) {
      Map<String, String> environment = environment(service);
      return CodeNames.portVariables(module.get()).stream()
          .map(variable ->
              environment.getOrDefault(variable, code.defaultOf(module.get(), variable)))
          .map(Integer::valueOf)
          .collect(Collectors.toSet());
    }
    String image = image(service);
    if (image.contains("kafka")) {
      return LISTENER
          .matcher(environment(service).getOrDefault("KAFKA_LISTENERS", ""))
          .results()
          .map(one -> Integer.valueOf(one.group(1)))
          .collect(Collectors.toSet());
    }
    if (image.contains("nginx")) {
      return nginx(service).map(Nginx::listens).orElse(Set.of());
    }
    return THIRD_PARTY.entrySet().stream()
        .filter(one -> image.contains(one.getKey()))
        .findFirst()
        .map(Map.Entry::getValue)
        .orElse(Set.of());
  }

  /** The nginx configuration that is mounted into a service. */
  Optional<Nginx> nginx(String service) {
    return mounted(service).stream()
        .filter(source -> source.endsWith("nginx.conf"))
        .filter(shipped::has)
        .findFirst()
        .map(source -> new Nginx(source, shipped.text(source)));
  }

  /** Files and folders of the repository that are mounted into a service, relative to the root. */
  List<String> mounted(String service) {
    List<String> sources = new ArrayList<>();
    for (JsonNode volume : service(service).path("volumes")) {
      String source =
          volume.isObject()
              ? volume.path("source").asString("")
              : volume.asString().split(":", 2)[0];
      if (source.startsWith("./")) {
        sources.add(source.substring(2));
      }
    }
    return sources;
  }

  /** Faults of host:port, whose host must be a service of this file. */
  List<String> addressFaults(String where, String address) {
    int colon = address.indexOf(':');
    String host = address.substring(0, colon);
    int port = Integer.parseInt(address.substring(colon + 1));
    if (!services().contains(host)) {
      return List.of("%s names %s, and there is no service %s".formatted(where, address, host));
    }
    Predicate<Set<Integer>> fits = ports -> ports.isEmpty() || ports.contains(port);
    return fits.test(listens(host))
        ? List.of()
        : List.of(
            "%s names %s, but %s listens on %s".formatted(where, address, host, listens(host)));
  }

  JsonNode document() {
    return file;
  }
}
