package io.ratelimiter.endtoend.shipped;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Verifies the manifests of one overlay: their references, and their names in the code. */
final class KubernetesFiles {

  private static final String OVERLAYS = "deploy/k8s/overlays/";
  private static final Pattern PLACEHOLDER = Pattern.compile("<.*>");

  private final Overlay overlay;
  private final CodeNames code;
  private final List<String> faults = new ArrayList<>();

  private KubernetesFiles(Overlay overlay, CodeNames code) {
    this.overlay = overlay;
    this.code = code;
  }

  static List<String> faults(Shipped shipped, Compose compose) {
    List<String> faults = new ArrayList<>();
    for (String name : List.of("dev", "prod")) {
      Overlay overlay = Overlay.of(shipped, OVERLAYS + name);
      String template = overlay.folder() + "/secrets.template.yaml";
      if (shipped.has(template)) {
        faults.addAll(templates(template, shipped.documents(template), overlay));
      }
      KubernetesFiles files = new KubernetesFiles(overlay, compose.code());
      files.verify();
      files.sameServersAs(compose);
      faults.addAll(overlay.faults());
      files.faults.forEach(fault -> faults.add(name + ": " + fault));
    }
    faults.addAll(rulesOfTheOperator(shipped));
    faults.addAll(roles(shipped));
    return faults;
  }

  /** Adds the secrets of the template as present; the template must not contain values. */
  private static List<String> templates(String file, List<JsonNode> secrets, Overlay overlay) {
    List<String> faults = new ArrayList<>();
    for (JsonNode secret : secrets) {
      Map<String, String> data =
          overlay.secrets().computeIfAbsent(Overlay.name(secret), _ -> new java.util.TreeMap<>());
      secret
          .path("stringData")
          .properties()
          .forEach(one -> {
            if (!PLACEHOLDER.matcher(one.getValue().asString()).matches()) {
              faults.add(file + " has a value for " + one.getKey());
            }
            data.put(one.getKey(), "");
          });
    }
    return faults;
  }

  /** The Prometheus operator needs a copy of the rules, which must be identical. */
  private static List<String> rulesOfTheOperator(Shipped shipped) {
    List<JsonNode> groups = new ArrayList<>();
    for (String file : List.of("recording.yml", "alerts.yml")) {
      shipped.document("deploy/prometheus/" + file).path("groups").forEach(groups::add);
    }
    String copy = "deploy/k8s/components/monitoring/prometheus-rule.yaml";
    List<JsonNode> copied = new ArrayList<>();
    shipped.document(copy).path("spec").path("groups").forEach(copied::add);
    return copied.equals(groups)
        ? List.of()
        : List.of(copy + " differs from deploy/prometheus/recording.yml and alerts.yml");
  }

  /** Kustomize cannot read files outside an overlay's folder, so there is a copy. */
  private static List<String> roles(Shipped shipped) {
    String original = "deploy/postgres/roles.sql";
    String copy = "deploy/k8s/overlays/dev/roles.sql";
    return shipped.text(copy).equals(shipped.text(original))
        ? List.of()
        : List.of(copy + " differs from " + original);
  }

  private void verify() {
    overlay.all("StatefulSet").forEach(set -> new Workload(overlay, code, set).verify(faults));
    overlay.all("Service").forEach(this::service);
    overlay.all("NetworkPolicy").forEach(this::policy);
    overlay.all("ServiceMonitor").forEach(this::monitor);
    overlay.all("HorizontalPodAutoscaler").forEach(this::autoscaler);
    overlay
        .all("PodDisruptionBudget")
        .filter(budget -> pods(budget.path("spec").path("selector")).isEmpty())
        .forEach(budget -> faults.add(Overlay.name(budget) + " protects no pod"));
    overlay.named("StatefulSet", "limiter").ifPresent(this::sharing);
  }

  /** Servers of the overlay and of the compose stack use the same image. */
  private void sameServersAs(Compose compose) {
    overlay
        .all("StatefulSet")
        .filter(set -> compose.services().contains(Overlay.name(set)))
        .filter(set -> compose.module(Overlay.name(set)).isEmpty())
        .forEach(set -> {
          String image = set.at("/spec/template/spec/containers/0/image").asString();
          if (!image.equals(compose.image(Overlay.name(set)))) {
            faults.add(
                "%s is %s here and %s in %s"
                    .formatted(
                        Overlay.name(set), image, compose.image(Overlay.name(set)), Compose.FILE));
          }
        });
  }

  /** Workloads whose pods match a selector; an empty selector matches all. */
  private List<ObjectNode> pods(JsonNode selector) {
    return overlay
        .all("StatefulSet")
        .filter(set -> Selector.of(selector).matches(Workload.labels(set)))
        .toList();
  }

  private void service(ObjectNode service) {
    JsonNode labels = service.path("spec").path("selector");
    List<ObjectNode> pods =
        overlay
            .all("StatefulSet")
            .filter(set -> Selector.ofLabels(labels).matches(Workload.labels(set)))
            .toList();
    if (pods.isEmpty()) {
      faults.add("Service " + Overlay.name(service) + " selects no pod");
    }
    for (JsonNode port : service.path("spec").path("ports")) {
      requirePort("Service " + Overlay.name(service), port.path("targetPort"), pods);
    }
  }

  private void policy(ObjectNode policy) {
    JsonNode spec = policy.path("spec");
    String source = "NetworkPolicy " + Overlay.name(policy);
    List<ObjectNode> chosen = pods(spec.path("podSelector"));
    if (chosen.isEmpty()) {
      faults.add(source + " is about no pod");
    }
    for (JsonNode rule : spec.path("ingress")) {
      rule.path("ports").forEach(port -> requirePort(source, port.path("port"), chosen));
    }
    for (JsonNode rule : spec.path("egress")) {
      for (JsonNode to : rule.path("to")) {
        if (to.has("podSelector") && !to.has("namespaceSelector")) {
          List<ObjectNode> others = pods(to.path("podSelector"));
          rule.path("ports").forEach(port -> requirePort(source, port.path("port"), others));
        }
      }
    }
  }

  private void requirePort(String source, JsonNode port, List<ObjectNode> pods) {
    if (pods.stream().flatMap(Workload::ports).noneMatch(one -> is(one, port))) {
      faults.add("%s names port %s, which its pods do not have".formatted(source, port));
    }
  }

  private static boolean is(JsonNode containerPort, JsonNode port) {
    return port.isNumber()
        ? containerPort.path("containerPort").equals(port)
        : containerPort.path("name").equals(port);
  }

  private void monitor(ObjectNode monitor) {
    JsonNode spec = monitor.path("spec");
    List<ObjectNode> services =
        overlay
            .all("Service")
            .filter(one ->
                Selector.of(spec.path("selector")).matches(one.path("metadata").path("labels")))
            .toList();
    Set<String> jobs = new TreeSet<>();
    for (ObjectNode service : services) {
      String job =
          service
              .path("metadata")
              .path("labels")
              .path(spec.path("jobLabel").asString())
              .asString("");
      jobs.add(job);
      for (JsonNode endpoint : spec.path("endpoints")) {
        scraped(service, job, endpoint);
      }
    }
    if (!jobs.equals(Set.of("limiter-service", "stream-auditor"))) {
      faults.add("ServiceMonitor makes the jobs " + jobs + ", and alerts use others");
    }
  }

  private void scraped(ObjectNode service, String job, JsonNode endpoint) {
    Stream<JsonNode> ports = service.path("spec").path("ports").valueStream();
    if (ports.noneMatch(port -> port.path("name").equals(endpoint.path("port")))) {
      faults.add(
          "ServiceMonitor names port %s, which Service %s does not have"
              .formatted(endpoint.path("port"), Overlay.name(service)));
    }
    String path = endpoint.path("path").asString("/metrics");
    Optional<Module> module = Module.namedIn(job);
    if (module.isEmpty() || !code.serves(module.get(), path)) {
      faults.add("ServiceMonitor scrapes %s of %s, which is not served".formatted(path, job));
    }
  }

  private void autoscaler(ObjectNode scaler) {
    JsonNode target = scaler.path("spec").path("scaleTargetRef");
    Optional<ObjectNode> scaled =
        overlay.named(target.path("kind").asString(), target.path("name").asString());
    if (scaled.isEmpty()) {
      faults.add("the autoscaler scales " + target + ", which does not exist");
    } else if (scaled.get().path("spec").has("replicas")) {
      faults.add("replicas are set in a StatefulSet that the autoscaler scales");
    }
  }

  /** INSTANCES must be the max number of limiters, and the grace period long enough for a stop. */
  private void sharing(ObjectNode limiter) {
    Map<String, String> environment = new Workload(overlay, code, limiter).environment();
    int max =
        overlay
            .all("HorizontalPodAutoscaler")
            .map(one -> one.path("spec").path("maxReplicas").asInt())
            .findFirst()
            .orElseGet(() -> limiter.path("spec").path("replicas").asInt(1));
    if (!String.valueOf(max).equals(environment.get("INSTANCES"))) {
      faults.add(
          "INSTANCES is %s, and there may be %d limiters"
              .formatted(environment.get("INSTANCES"), max));
    }
    long grace = limiter.at("/spec/template/spec/terminationGracePeriodSeconds").asInt(30);
    Duration drain = Duration.parse("PT" + environment.getOrDefault("DRAIN", "5s"));
    // In addition to the settings: Kafka's last answers, the spool, and the end of the JVM.
    long needed = drain.toSeconds() + code.shutdownSeconds() + 20;
    if (grace < needed) {
      faults.add("terminationGracePeriodSeconds is %d, needed are %d".formatted(grace, needed));
    }
  }
}
