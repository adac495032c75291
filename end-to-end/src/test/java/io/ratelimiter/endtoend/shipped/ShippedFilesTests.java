package io.ratelimiter.endtoend.shipped;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names and references in shipped files exist in the code and in these files. */
class ShippedFilesTests {

  private static final Path REPOSITORY = Path.of("..");
  private static final List<String> OUTSIDE_DEPLOY =
      List.of(
          Compose.FILE, ".env.example", "limiter-service/Dockerfile", "stream-auditor/Dockerfile");
  private static final Pattern TOPIC =
      Pattern.compile("(?<![\\w./])ratelimiter\\.[a-z-]+(?:\\.[\\w-]+)+");

  private final CodeNames code = new CodeNames();

  @Test
  void variablesPortsAndPathsOfTheComposeStackExist() {
    Shipped shipped = new Shipped(REPOSITORY);
    assertThat(ComposeFiles.faults(shipped, new Compose(shipped, code))).isEmpty();
  }

  @Test
  void namesInPrometheusAndGrafanaFilesExist() {
    Shipped shipped = new Shipped(REPOSITORY);
    assertThat(MonitoringFiles.faults(shipped, new Compose(shipped, code))).isEmpty();
  }

  @Test
  void variablesPortsPathsAndReferencesOfTheManifestsExist() {
    Shipped shipped = new Shipped(REPOSITORY);
    assertThat(KubernetesFiles.faults(shipped, new Compose(shipped, code))).isEmpty();
  }

  @Test
  void everyNamedTopicExists() {
    assertThat(topicFaults(new Shipped(REPOSITORY))).isEmpty();
  }

  private static List<String> topicFaults(Shipped shipped) {
    List<String> faults = new ArrayList<>();
    List<String> files = new ArrayList<>(OUTSIDE_DEPLOY);
    files.addAll(shipped.below("deploy"));
    for (String file : files) {
      TOPIC
          .matcher(shipped.text(file))
          .results()
          .map(one -> one.group())
          .filter(topic -> !CodeNames.topics().contains(topic))
          .forEach(topic ->
              faults.add("%s names the topic %s, which does not exist".formatted(file, topic)));
    }
    return faults;
  }

  private List<String> allFaults(Shipped shipped) {
    Compose compose = new Compose(shipped, code);
    List<String> faults = new ArrayList<>(ComposeFiles.faults(shipped, compose));
    faults.addAll(MonitoringFiles.faults(shipped, compose));
    faults.addAll(KubernetesFiles.faults(shipped, compose));
    faults.addAll(topicFaults(shipped));
    return faults;
  }

  @ParameterizedTest(name = "{0}: {1} → {2}")
  @CsvSource(delimiter = '|', textBlock = MISTAKES)
  void aMistakeIsReported(String file, String right, String wrong, String named, @TempDir Path copy)
      throws IOException {
    copyTo(copy);
    Path changed = copy.resolve(file);
    String text = Files.readString(changed);
    assertThat(text).as("the text to replace").contains(right);
    Files.writeString(changed, text.replaceFirst(Pattern.quote(right), wrong));

    assertThat(allFaults(new Shipped(copy))).anyMatch(fault -> fault.contains(named));
  }

  private static void copyTo(Path copy) throws IOException {
    Shipped shipped = new Shipped(REPOSITORY);
    List<String> files = new ArrayList<>(OUTSIDE_DEPLOY);
    files.addAll(shipped.below("deploy"));
    for (String file : files) {
      Files.createDirectories(copy.resolve(file).getParent());
      Files.copy(REPOSITORY.resolve(file), copy.resolve(file));
    }
  }

  /** File, original text, its replacement, and part of the expected fault. */
  private static final String MISTAKES =
      """
      docker-compose.yml                            | KAFKA_BOOTSTRAP_SERVERS     | KAFKA_BOOTSTRAP_SERVER     | reads no such variable
      docker-compose.yml                            | kafka:9092                  | kafka:9999                 | kafka:9999
      docker-compose.yml                            | REDIS_                      | REDDIS_                    | REDDIS_
      docker-compose.yml                            | //limiter:                  | //ratelimiter:             | superuser
      .env.example                                  | FAIL_MODE                   | FAILMODE                   | FAILMODE
      .env.example                                  | #STATE_DIR=                 | #                          | lacks STATE_DIR
      .env.example                                  | INSTANCES=1                 | INSTANCES=2                | the default is 1
      .env.example                                  | #NETWORK=                   | #                          | lacks NETWORK
      limiter-service/Dockerfile                    | EXPOSE 8000                 | EXPOSE 8080                | exposes 8080
      limiter-service/Dockerfile                    | /readyz                     | /ready                     | path /ready
      limiter-service/Dockerfile                    | SPOOL_DIR                   | SPOOL_FOLDER               | SPOOL_FOLDER
      stream-auditor/Dockerfile                     | :-8010                      | :-8011                     | port 8011
      deploy/nginx/nginx.conf                       | limiter-1:8000              | limiter-3:8000             | no service limiter-3
      deploy/nginx/nginx.conf                       | limiter-2:8000              | limiter-2:8002             | limiter-2:8002
      deploy/nginx/nginx.conf                       | limiter-2:8000              | limiter-2:8001             | port for checks
      deploy/nginx/nginx.conf                       | location /v1/authz          | location /v1/authorize     | /v1/authorize
      deploy/nginx/nginx.conf                       | proxy_pass http://limiters  | proxy_pass http://checks   | passes on to checks
      docker-compose.yml                            | CHECK_PORT: 8001            | CHECK_PORTS: 8001          | CHECK_PORTS
      deploy/prometheus/prometheus.yml              | auditor:8010                | auditor:8000               | auditor:8000
      deploy/prometheus/prometheus.yml              | job_name: limiter-service   | job_name: limiter          | the job limiter-service
      deploy/prometheus/alerts.yml                  | ratelimiter_spool_bytes     | ratelimiter_spool_size     | ratelimiter_spool_size
      deploy/prometheus/alerts.yml                  | decisions.v1.dlq            | decisions.dlq.v1           | decisions.dlq.v1
      deploy/prometheus/recording.yml               | by (tenant, rule)           | by (tenant, rules)         | the label rules
      deploy/grafana/dashboards/limiter.json        | ratelimiter_active_clients  | ratelimiter_clients        | ratelimiter_clients
      deploy/grafana/dashboards/analytics.json      | audit.freshness             | audit.fresh                | audit.fresh
      deploy/grafana/provisioning/datasources/datasources.yml | prometheus:9090   | prometheus:9091            | prometheus:9091
      deploy/k8s/base/limiter.env                   | CHECK_PORT                  | CHECKS_PORT                | CHECKS_PORT
      deploy/k8s/base/limiter.env                   | PORT=8000                   | PORT=8080                  | listens on
      deploy/k8s/base/limiter.env                   | DRAIN=10s                   | DRAIN=40s                  | terminationGracePeriodSeconds
      deploy/k8s/base/limiter.env                   | /var/lib/ratelimiter/spool  | /var/spool/ratelimiter     | on no volume
      deploy/k8s/base/limiter.yaml                  | path: /livez                | path: /live                | requests /live

      deploy/k8s/base/limiter.yaml                  | targetPort: checks          | targetPort: check          | names port
      deploy/k8s/base/limiter.yaml                  | enableServiceLinks: false   | enableServiceLinks: true   | for each Service
      deploy/k8s/base/auditor.yaml                  | containerPort: 8010         | containerPort: 8011        | names the ports
      deploy/k8s/base/network.yaml                  | port: checks                | port: check                | names port
      deploy/k8s/base/kustomization.yaml            | network.yaml                | networks.yaml              | networks.yaml
      deploy/k8s/overlays/dev/kustomization.yaml    | @postgres:5432              | @postgresql:5432           | postgresql:5432
      deploy/k8s/overlays/dev/roles.sql             | GRANT analyst TO limiter    | GRANT auditor TO limiter   | differs from
      deploy/k8s/overlays/dev/redis.yaml            | image: redis:               | image: redis:7.            | redis is redis:7.
      deploy/k8s/overlays/prod/kustomization.yaml   | INSTANCES=24                | INSTANCES=12               | INSTANCES is 12
      deploy/k8s/overlays/prod/endpoints.env        | KAFKA_CLIENT_SASL_MECHANISM | KAFKA_CLIENT_SASL_MECANISM | KAFKA_CLIENT_SASL_MECANISM
      deploy/k8s/overlays/prod/secrets.template.yaml | ADMIN_TOKEN                | ADMINTOKEN                 | ADMINTOKEN
      deploy/k8s/components/monitoring/service-monitor.yaml | path: /metrics      | path: /metric              | scrapes /metric
      deploy/k8s/components/monitoring/prometheus-rule.yaml | > 0.8 *              | > 0.9 *                    | differs from
      """;
}
