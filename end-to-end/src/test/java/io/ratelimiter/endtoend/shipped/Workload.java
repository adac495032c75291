package io.ratelimiter.endtoend.shipped;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A StatefulSet with one container. */
final class Workload {

  private static final Set<String> WRITTEN = Set.of("SPOOL_DIR", "SNAPSHOT_FILE", "STATE_DIR");

  private final Overlay overlay;
  private final CodeNames code;
  private final String name;
  private final JsonNode set;
  private final JsonNode pod;
  private final JsonNode container;
  private final Optional<Module> module;
  private List<String> faults = new ArrayList<>();

  Workload(Overlay overlay, CodeNames code, ObjectNode set) {
    this.overlay = overlay;
    this.code = code;
    this.set = set;
    this.name = Overlay.name(set);
    this.pod = set.path("spec").path("template").path("spec");
    this.container = pod.path("containers").path(0);
    this.module = Module.namedIn(container.path("image").asString());
  }

  static JsonNode labels(JsonNode set) {
    return set.path("spec").path("template").path("metadata").path("labels");
  }

  static Stream<JsonNode> ports(JsonNode set) {
    return set.at("/spec/template/spec/containers/0/ports").valueStream();
  }

  /** Adds its faults to the list. */
  void verify(List<String> all) {
    faults = all;
    if (pod.path("enableServiceLinks").asBoolean(true)) {
      faults.add(name + " gets a variable for each Service, among them ports that are none");
    }
    if (overlay.named("Service", set.at("/spec/serviceName").asString()).isEmpty()) {
      faults.add(name + " has no Service " + set.at("/spec/serviceName"));
    }
    if (!Selector.of(set.at("/spec/selector")).matches(labels(set))) {
      faults.add(name + " does not select its own pods");
    }
    mounts();
    probes();
    module.ifPresent(this::service);
  }

  private void service(Module module) {
    Map<String, String> environment = environment();
    for (String variable : environment.keySet()) {
      if (!code.reads(module, variable)) {
        faults.add("%s is given %s, which it does not read".formatted(name, variable));
      }
    }
    environment.forEach((variable, value) -> addresses(variable, value));
    Set<String> listens = new TreeSet<>();
    for (String variable : CodeNames.portVariables(module)) {
      listens.add(environment.getOrDefault(variable, code.defaultOf(module, variable)));
    }
    Set<String> named = new TreeSet<>();
    ports(set).forEach(port -> named.add(port.path("containerPort").asString()));
    if (!named.equals(listens)) {
      faults.add("%s names the ports %s and listens on %s".formatted(name, named, listens));
    }
    for (String variable : WRITTEN) {
      String place = environment.getOrDefault(variable, "");
      if (!place.isEmpty() && mountOf(place).isEmpty()) {
        faults.add("%s writes %s, which is on no volume".formatted(name, place));
      }
    }
  }

  private void addresses(String variable, String value) {
    for (String address : ServerAddresses.in(variable, value)) {
      String host = address.substring(0, address.indexOf(':'));
      int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
      boolean elsewhere = host.contains(".");
      if (!elsewhere && !servesAt(host, port)) {
        faults.add("%s looks for %s, where no Service is".formatted(variable, address));
      }
    }
  }

  private boolean servesAt(String service, int port) {
    return overlay
        .named("Service", service)
        .filter(found ->
            found
                .path("spec")
                .path("ports")
                .valueStream()
                .anyMatch(one -> one.path("port").asInt() == port))
        .isPresent();
  }

  /** Variables of the container; later ones override earlier ones. */
  Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    for (JsonNode from : container.path("envFrom")) {
      boolean secret = from.has("secretRef");
      JsonNode reference = from.path(secret ? "secretRef" : "configMapRef");
      Map<String, String> data =
          (secret ? overlay.secrets() : overlay.configMaps())
              .get(reference.path("name").asString());
      if (data != null) {
        environment.putAll(data);
      } else if (!reference.path("optional").asBoolean(false)) {
        faults.add(name + " takes variables from " + reference.path("name") + ", which is none");
      }
    }
    for (JsonNode one : container.path("env")) {
      environment.put(one.path("name").asString(), one.path("value").asString(""));
    }
    return environment;
  }

  private void mounts() {
    Set<String> volumes = new TreeSet<>();
    pod.path("volumes").forEach(volume -> volumes.add(volume.path("name").asString()));
    set.at("/spec/volumeClaimTemplates").forEach(claim -> volumes.add(Overlay.name(claim)));
    for (JsonNode mount : container.path("volumeMounts")) {
      if (!volumes.contains(mount.path("name").asString())) {
        faults.add(name + " mounts " + mount.path("name") + ", which is no volume");
      }
    }
    for (JsonNode volume : pod.path("volumes")) {
      String map = volume.path("configMap").path("name").asString("");
      if (!map.isEmpty() && !overlay.configMaps().containsKey(map)) {
        faults.add(name + " mounts the ConfigMap " + map + ", which does not exist");
      }
    }
    file("RULES_FILE");
  }

  /** The file named by a variable must be mounted. */
  private void file(String variable) {
    String path = environment().getOrDefault(variable, "");
    if (path.isEmpty()) {
      return;
    }
    boolean there =
        mountOf(path)
            .flatMap(mount ->
                pod.path("volumes")
                    .valueStream()
                    .filter(volume -> volume.path("name").equals(mount.path("name")))
                    .findFirst())
            .map(volume ->
                overlay
                    .configMaps()
                    .getOrDefault(volume.path("configMap").path("name").asString(""), Map.of()))
            .filter(data -> data.containsKey(path.substring(path.lastIndexOf('/') + 1)))
            .isPresent();
    if (!there) {
      faults.add("%s of %s is %s, which is not mounted".formatted(variable, name, path));
    }
  }

  private Optional<JsonNode> mountOf(String path) {
    return container
        .path("volumeMounts")
        .valueStream()
        .filter(mount -> path.startsWith(mount.path("mountPath").asString() + "/"))
        .findFirst();
  }

  private void probes() {
    for (String kind : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      JsonNode probe = container.path(kind);
      JsonNode port =
          probe.has("httpGet") ? probe.at("/httpGet/port") : probe.at("/tcpSocket/port");
      if (!port.isMissingNode() && ports(set).noneMatch(one -> one.path("name").equals(port))) {
        faults.add("%s of %s calls port %s, which it does not have".formatted(kind, name, port));
      }
      String path = probe.at("/httpGet/path").asString("");
      if (module.isPresent() && !path.isEmpty() && !code.serves(module.get(), path)) {
        faults.add("%s of %s requests %s, which is not served".formatted(kind, name, path));
      }
    }
  }
}
