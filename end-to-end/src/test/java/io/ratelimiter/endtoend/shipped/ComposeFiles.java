package io.ratelimiter.endtoend.shipped;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Verifies the compose stack: its file, Dockerfiles, nginx, and {@code .env.example}. */
final class ComposeFiles {

  private static final Pattern REQUESTED_URL =
      Pattern.compile("http://(?:localhost|127\\.0\\.0\\.1):(\\d+)(/[^\\s\"',;|]*)?");
  private static final Pattern REQUESTED =
      Pattern.compile("healthy[\\s\",]+(\\d+|\\$+\\{?[^}\\s]+}?)[\\s\",]+(/[\\w/.-]+)");
  private static final Pattern EXPOSE = Pattern.compile("(?m)^EXPOSE (.*)$");
  private static final Pattern ENV = Pattern.compile("(?m)^(?:ENV|   ) ([A-Z][A-Z0-9_]*)=\\S*");
  private static final Pattern HEALTHCHECK = Pattern.compile("(?m)^HEALTHCHECK .*$");
  private static final Pattern OFFERED = Pattern.compile("(?m)^#?([A-Z][A-Z0-9_]*)=(.*)$");

  private final Shipped shipped;
  private final Compose compose;
  private final CodeNames code;
  private final List<String> faults = new ArrayList<>();

  private ComposeFiles(Shipped shipped, Compose compose) {
    this.shipped = shipped;
    this.compose = compose;
    this.code = compose.code();
  }

  static List<String> faults(Shipped shipped, Compose compose) {
    ComposeFiles files = new ComposeFiles(shipped, compose);
    for (String service : compose.services()) {
      files.service(service);
    }
    for (Module module : Module.values()) {
      files.dockerfile(module);
    }
    files.offered();
    files.notOffered();
    return files.faults;
  }

  private void service(String name) {
    JsonNode service = compose.document().path("services").path(name);
    compose
        .module(name)
        .ifPresent(module -> {
          compose.environment(name).keySet().stream()
              .filter(variable -> !code.reads(module, variable))
              .forEach(variable ->
                  faults.add(
                      "%s sets %s of %s, which reads no such variable"
                          .formatted(Compose.FILE, variable, name)));
          login(name);
        });
    // nginx answers the limiter's paths.
    compose
        .module(name)
        .or(() -> compose.nginx(name).map(_ -> Module.LIMITER))
        .ifPresent(module ->
            healthCheck(Compose.FILE, module, name, service.path("healthcheck").toString()));
    compose
        .environment(name)
        .forEach((variable, value) ->
            ServerAddresses.in(variable, value)
                .forEach(address ->
                    faults.addAll(compose.addressFaults(Compose.FILE + ": " + variable, address))));
    published(name, service);
    dependsOn(name, service);
    for (String path : compose.mounted(name)) {
      if (!shipped.has(path)) {
        faults.add(
            "%s mounts %s into %s, which does not exist".formatted(Compose.FILE, path, name));
      }
    }
    compose.nginx(name).ifPresent(this::nginx);
  }

  /** A service has rights on its own schema only, and is not the superuser. */
  private void login(String name) {
    String superuser = compose.environment("postgres").get("POSTGRES_USER");
    if (compose
        .environment(name)
        .getOrDefault("DATABASE_URL", "")
        .contains("://" + superuser + ":")) {
      faults.add("%s lets %s be PostgreSQL's superuser".formatted(Compose.FILE, name));
    }
  }

  private void published(String name, JsonNode service) {
    Set<Integer> listens = compose.listens(name);
    for (String port : Shipped.strings(service.path("ports"))) {
      String filledIn = Compose.filledIn(port);
      int inside = Integer.parseInt(filledIn.substring(filledIn.lastIndexOf(':') + 1));
      if (!listens.isEmpty() && !listens.contains(inside)) {
        faults.add(
            "%s publishes port %d of %s, which listens on %s"
                .formatted(Compose.FILE, inside, name, listens));
      }
    }
  }

  private void dependsOn(String name, JsonNode service) {
    JsonNode others = service.path("depends_on");
    List<String> names =
        others.isArray() ? Shipped.strings(others) : List.copyOf(others.propertyNames());
    for (String other : names) {
      if (!compose.services().contains(other)) {
        faults.add(
            "%s lets %s wait for %s, which does not exist".formatted(Compose.FILE, name, other));
      } else if (others.path(other).path("condition").asString("").equals("service_healthy")
          && !hasHealthCheck(other)) {
        faults.add(
            "%s lets %s wait for the health of %s, which has no health check"
                .formatted(Compose.FILE, name, other));
      }
    }
  }

  private boolean hasHealthCheck(String service) {
    return compose.document().path("services").path(service).has("healthcheck")
        || compose
            .module(service)
            .map(module -> shipped.text(module.folder() + "/Dockerfile"))
            .filter(text -> HEALTHCHECK.matcher(text).find())
            .isPresent();
  }

  /** Verifies port and path of a health check, given as URL or as arguments of our program. */
  private void healthCheck(String file, Module module, String name, String check) {
    for (Pattern form : List.of(REQUESTED_URL, REQUESTED)) {
      Matcher requested = form.matcher(check);
      while (requested.find()) {
        String path = requested.group(2) == null ? "/" : requested.group(2);
        if (!code.serves(module, path)) {
          faults.add(
              "%s requests from %s the path %s, which is not served".formatted(file, name, path));
        }
        int port = Integer.parseInt(Compose.filledIn(requested.group(1)));
        if (!ports(module, name).contains(port)) {
          faults.add(
              "%s calls port %d of %s, which listens on %s"
                  .formatted(file, port, name, ports(module, name)));
        }
      }
    }
  }

  private Set<Integer> ports(Module module, String name) {
    return compose.services().contains(name) ? compose.listens(name) : defaultPorts(module);
  }

  private Set<Integer> defaultPorts(Module module) {
    return CodeNames.portVariables(module).stream()
        .map(variable -> Integer.valueOf(code.defaultOf(module, variable)))
        .collect(java.util.stream.Collectors.toSet());
  }

  /** Default ports, and those of the compose stack. */
  private Set<Integer> portsSomewhere(Module module) {
    Set<Integer> ports = new TreeSet<>(defaultPorts(module));
    for (String service : compose.services()) {
      if (compose.module(service).filter(module::equals).isPresent()) {
        ports.addAll(compose.listens(service));
      }
    }
    return ports;
  }

  private void dockerfile(Module module) {
    String file = module.folder() + "/Dockerfile";
    String text = shipped.text(file);
    ENV.matcher(text)
        .results()
        .map(one -> one.group(1))
        .filter(variable -> !code.reads(module, variable))
        .forEach(variable -> faults.add("%s sets %s, which is not read".formatted(file, variable)));
    EXPOSE
        .matcher(text)
        .results()
        .flatMap(one -> List.of(one.group(1).strip().split("\\s+")).stream())
        .filter(port -> !portsSomewhere(module).contains(Integer.valueOf(port)))
        .forEach(
            port -> faults.add("%s exposes %s, which is not listened on".formatted(file, port)));
    HEALTHCHECK
        .matcher(text)
        .results()
        .forEach(one -> healthCheck(file, module, module.folder(), one.group()));
  }

  private void nginx(Nginx nginx) {
    for (Nginx.Upstream upstream : nginx.upstreams()) {
      upstream
          .servers()
          .forEach(server -> {
            faults.addAll(compose.addressFaults(nginx.file(), server));
            refusePortForChecks(nginx, server);
          });
    }
    for (Nginx.Passed passed : nginx.passed()) {
      String path = passed.path();
      if (!path.equals("/") && !code.serves(Module.LIMITER, path)) {
        faults.add("%s passes on %s, which is not served".formatted(nginx.file(), path));
      }
      if (nginx.upstreams().stream().noneMatch(one -> one.name().equals(passed.upstream()))) {
        faults.add("%s passes on to %s, which is none".formatted(nginx.file(), passed.upstream()));
      }
    }
  }

  /** The port for checks answers 404 to other requests, so nginx must not use it. */
  private void refusePortForChecks(Nginx nginx, String server) {
    String service = server.substring(0, server.indexOf(':'));
    String checkPort = compose.environment(service).get("CHECK_PORT");
    if (checkPort != null && server.endsWith(":" + checkPort)) {
      faults.add("%s passes on to %s, a port for checks".formatted(nginx.file(), server));
    }
  }

  /** Every variable in .env.example is read by a service or by docker-compose.yml. */
  private void offered() {
    String file = ".env.example";
    String composed = shipped.text(Compose.FILE);
    OFFERED
        .matcher(shipped.text(file))
        .results()
        .map(one -> one.group(1))
        .filter(variable ->
            !code.reads(Module.LIMITER, variable)
                && !code.reads(Module.AUDITOR, variable)
                && !composed.contains("${" + variable))
        .forEach(
            variable -> faults.add("%s offers %s, which is not read".formatted(file, variable)));
  }

  /**
   * .env.example has every variable of both services and of compose, with the services' defaults.
   */
  private void notOffered() {
    String file = ".env.example";
    Map<String, String> offered =
        OFFERED
            .matcher(shipped.text(file))
            .results()
            .collect(Collectors.toMap(one -> one.group(1), one -> one.group(2)));
    for (Module module : Module.values()) {
      code.settingsFor(module)
          .forEach((variable, byDefault) -> {
            String shown = offered.get(variable);
            if (shown == null) {
              faults.add("%s lacks %s of %s".formatted(file, variable, module.folder()));
            } else if (byDefault != null && !byDefault.isEmpty() && !shown.equals(byDefault)) {
              faults.add(
                  "%s shows %s=%s, and the default is %s"
                      .formatted(file, variable, shown, byDefault));
            }
          });
    }
    Compose.variables(shipped.text(Compose.FILE)).stream()
        .filter(variable -> !offered.containsKey(variable))
        .forEach(variable -> faults.add("%s lacks %s of compose".formatted(file, variable)));
  }
}
