package io.ratelimiter.endtoend.shipped;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Kustomize overlay, rendered with the features used here: resources, components, generated maps,
 * replicas, deletions and JSON patches. {@code deploy/k8s/validate} uses Kustomize itself.
 */
final class Overlay {

  private final Shipped shipped;
  private final String folder;
  private final List<ObjectNode> objects = new ArrayList<>();
  private final Map<String, Map<String, String>> configMaps = new LinkedHashMap<>();
  private final Map<String, Map<String, String>> secrets = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();

  private Overlay(Shipped shipped, String folder) {
    this.shipped = shipped;
    this.folder = folder;
  }

  static Overlay of(Shipped shipped, String folder) {
    Overlay overlay = new Overlay(shipped, folder);
    overlay.include(folder);
    return overlay;
  }

  String folder() {
    return folder;
  }

  /** References to missing objects. */
  List<String> faults() {
    return faults;
  }

  Map<String, Map<String, String>> configMaps() {
    return configMaps;
  }

  Map<String, Map<String, String>> secrets() {
    return secrets;
  }

  Stream<ObjectNode> all(String kind) {
    return objects.stream().filter(one -> one.path("kind").asString().equals(kind));
  }

  Optional<ObjectNode> named(String kind, String name) {
    return all(kind).filter(one -> name(one).equals(name)).findFirst();
  }

  static String name(JsonNode object) {
    return object.path("metadata").path("name").asString("");
  }

  private void include(String from) {
    JsonNode kustomization = shipped.document(from + "/kustomization.yaml");
    for (String part : List.of("resources", "components")) {
      Shipped.strings(kustomization.path(part)).forEach(one -> resource(from, one));
    }
    generate(from, kustomization.path("configMapGenerator"), configMaps);
    generate(from, kustomization.path("secretGenerator"), secrets);
    for (JsonNode one : kustomization.path("replicas")) {
      named("StatefulSet", one.path("name").asString())
          .ifPresentOrElse(
              set -> ((ObjectNode) set.path("spec")).set("replicas", one.path("count")),
              () -> faults.add(from + " counts " + one.path("name") + ", which does not exist"));
    }
    kustomization.path("patches").forEach(patch -> patch(from, patch));
  }

  private void resource(String from, String one) {
    String path = Path.of(from, one).normalize().toString();
    if (!shipped.has(path)) {
      faults.add("%s names %s, which does not exist".formatted(from, one));
    } else if (one.endsWith(".yaml")) {
      shipped.documents(path).forEach(document -> objects.add((ObjectNode) document));
    } else {
      include(path);
    }
  }

  private void generate(
      String from, JsonNode generators, Map<String, Map<String, String>> generated) {
    for (JsonNode generator : generators) {
      String name = generator.path("name").asString();
      boolean merges = generator.path("behavior").asString("").equals("merge");
      if (merges != generated.containsKey(name)) {
        faults.add("%s generates %s twice, or merges it without a base".formatted(from, name));
      }
      Map<String, String> data = generated.computeIfAbsent(name, _ -> new LinkedHashMap<>());
      for (String file : Shipped.strings(generator.path("envs"))) {
        shipped.text(from + "/" + file).lines().forEach(line -> assign(data, line));
      }
      for (String file : Shipped.strings(generator.path("files"))) {
        data.put(file, shipped.text(from + "/" + file));
      }
      Shipped.strings(generator.path("literals")).forEach(line -> assign(data, line));
    }
  }

  private static void assign(Map<String, String> data, String line) {
    if (!line.isBlank() && !line.startsWith("#")) {
      data.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
    }
  }

  private void patch(String from, JsonNode patch) {
    JsonNode change = Shipped.parse(patch.path("patch").asString()).getFirst();
    if (change.isArray()) {
      JsonNode target = patch.path("target");
      List<ObjectNode> found =
          all(target.path("kind").asString())
              .filter(
                  one -> !target.has("name") || name(one).equals(target.path("name").asString()))
              .toList();
      if (found.isEmpty()) {
        faults.add("%s patches %s, which does not exist".formatted(from, target));
      }
      found.forEach(object -> change.forEach(step -> apply(from, object, step)));
    } else if (change.path("$patch").asString("").equals("delete")) {
      if (!objects.removeIf(
          one -> one.path("kind").equals(change.path("kind")) && name(one).equals(name(change)))) {
        faults.add("%s deletes %s, which does not exist".formatted(from, name(change)));
      }
    } else {
      throw new UnsupportedOperationException("unsupported patch: " + change);
    }
  }

  private void apply(String from, ObjectNode object, JsonNode step) {
    String pointer = step.path("path").asString();
    int last = pointer.lastIndexOf('/');
    JsonNode parent = object.at(pointer.substring(0, last));
    String key = pointer.substring(last + 1);
    boolean adds = step.path("op").asString().equals("add");
    if (parent instanceof ArrayNode list && key.equals("-") && adds) {
      list.add(step.path("value"));
    } else if (parent instanceof ObjectNode map && (adds || map.has(key))) {
      map.set(key, step.path("value"));
    } else {
      faults.add(
          "%s patches %s of %s, which does not exist".formatted(from, pointer, name(object)));
    }
  }
}
