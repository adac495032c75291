package io.ratelimiter.auditor;

import io.ratelimiter.localstack.KafkaServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The auditor in this process, on a free port. */
public final class RunningAuditor implements AutoCloseable {

  private final ConfigurableApplicationContext context;

  private RunningAuditor(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /** Starts an auditor of these servers. */
  public static RunningAuditor start(
      Path stateDir, KafkaServer kafka, String databaseUrl, int partitions) {
    return start(
        stateDir,
        Map.of(
            "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
            "DATABASE_URL", databaseUrl,
            "DECISIONS_PARTITIONS", String.valueOf(partitions)));
  }

  /** Starts an auditor with these variables, and defaults for port, folder and log level. */
  public static RunningAuditor start(Path stateDir, Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("STATE_DIR", stateDir.toString());
    all.put("AUDITOR_PORT", "0");
    all.putIfAbsent("LOG_LEVEL", "WARN");
    List<String> arguments = new ArrayList<>();
    all.forEach((name, value) -> arguments.add("--" + name + "=" + value));
    return new RunningAuditor(
        AuditorApplication.application(all).run(arguments.toArray(String[]::new)));
  }

  /** The body of the answer to a GET request. */
  public String get(String path) {
    int port = ((WebServerApplicationContext) context).getWebServer().getPort();
    URI uri = URI.create("http://localhost:" + port + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
