package io.ratelimiter.endtoend.shipped;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Verifies Prometheus' and Grafana's files: targets, queries and data sources. */
final class MonitoringFiles {

  private static final String PROMETHEUS = "deploy/prometheus/";
  private static final String GRAFANA = "deploy/grafana/";
  private static final List<String> RULES = List.of("recording.yml", "alerts.yml");

  /** Metrics of Prometheus itself and of Micrometer's JVM binders. */
  private static final Set<String> THIRD_PARTY =
      Set.of(
          "up",
          "ALERTS",
          "process_cpu_usage",
          "jvm_memory_used_bytes",
          "jvm_gc_pause_seconds_sum",
          "jvm_threads_live_threads");

  private static final Set<String> THIRD_PARTY_LABELS =
      Set.of("instance", "job", "le", "alertname", "alertstate", "area");
  private static final Pattern RELATION = Pattern.compile("\\baudit\\.\\w+");
  private static final Pattern ADDRESS = Pattern.compile("(?:http://)?([a-z][\\w-]*):(\\d+)");

  private final Shipped shipped;
  private final Compose compose;
  private final Set<String> metrics = new TreeSet<>(THIRD_PARTY);
  private final Set<String> labels = new TreeSet<>(THIRD_PARTY_LABELS);
  private final List<String> faults = new ArrayList<>();

  private MonitoringFiles(Shipped shipped, Compose compose) {
    this.shipped = shipped;
    this.compose = compose;
    metrics.addAll(CodeNames.metrics());
    labels.addAll(CodeNames.labels());
  }

  static List<String> faults(Shipped shipped, Compose compose) {
    MonitoringFiles files = new MonitoringFiles(shipped, compose);
    Set<String> jobs = files.scraped();
    for (String file : RULES) {
      files.rules(PROMETHEUS + file, jobs);
    }
    Set<String> sources = files.datasources();
    for (String file : shipped.below(GRAFANA + "dashboards")) {
      files.dashboard(file, jobs, sources);
    }
    return files.faults;
  }

  /** Verifies prometheus.yml and returns the names of its jobs. */
  private Set<String> scraped() {
    String file = PROMETHEUS + "prometheus.yml";
    JsonNode configuration = shipped.document(file);
    for (String rules : Shipped.strings(configuration.path("rule_files"))) {
      if (!shipped.has(PROMETHEUS + rules)) {
        faults.add(file + " names the file " + rules + ", which does not exist");
      }
    }
    Set<String> jobs = new TreeSet<>();
    for (JsonNode job : configuration.path("scrape_configs")) {
      String name = job.path("job_name").asString();
      jobs.add(name);
      String path = job.path("metrics_path").asString("/metrics");
      for (JsonNode group : job.path("static_configs")) {
        for (String target : Shipped.strings(group.path("targets"))) {
          scraped(file, target, path);
        }
      }
    }
    return jobs;
  }

  private void scraped(String file, String target, String path) {
    String host = target.substring(0, target.indexOf(':'));
    faults.addAll(compose.addressFaults(file, target));
    compose
        .module(host)
        .filter(module -> !compose.code().serves(module, path))
        .ifPresent(module ->
            faults.add("%s scrapes %s of %s, which is not served".formatted(file, path, host)));
  }

  private void rules(String file, Set<String> jobs) {
    for (JsonNode group : shipped.document(file).path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        verify(file, rule.path("expr").asString(), jobs);
        if (rule.has("record")) {
          metrics.add(rule.path("record").asString());
        }
      }
    }
  }

  private void verify(String file, String expression, Set<String> jobs) {
    PromQuery query = PromQuery.of(expression);
    require(file, "metric", query.metrics(), metrics);
    require(file, "label", query.labels(), labels);
    require(file, "job", query.jobs(), jobs);
  }

  private void require(String file, String what, Set<String> names, Set<String> known) {
    for (String name : names) {
      if (!known.contains(name)) {
        faults.add("%s uses the %s %s, which does not exist".formatted(file, what, name));
      }
    }
  }

  /** Verifies Grafana's data sources and returns their ids. */
  private Set<String> datasources() {
    Set<String> sources = new TreeSet<>();
    for (String file : shipped.below(GRAFANA + "provisioning/datasources")) {
      for (JsonNode source : shipped.document(file).path("datasources")) {
        sources.add(source.path("uid").asString());
        var address = ADDRESS.matcher(source.path("url").asString());
        if (address.matches()) {
          faults.addAll(compose.addressFaults(file, address.group(1) + ":" + address.group(2)));
        } else {
          faults.add(file + ": " + source.path("url") + " is no address");
        }
      }
    }
    return sources;
  }

  private void dashboard(String file, Set<String> jobs, Set<String> sources) {
    for (JsonNode panel : shipped.document(file).path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        require(
            file, "datasource", Set.of(target.path("datasource").path("uid").asString()), sources);
        if (target.has("expr")) {
          verify(file, target.path("expr").asString(), jobs);
        }
        Set<String> relations = new TreeSet<>();
        RELATION
            .matcher(target.path("rawSql").asString(""))
            .results()
            .forEach(one -> relations.add(one.group()));
        require(file, "relation", relations, CodeNames.auditRelations());
      }
    }
  }
}
