package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.Ports;
import io.ratelimiter.localstack.Service;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The product with its services as processes and its servers in containers. */
@Tag("containers")
@LocalStack
class ContainersIT extends ProductContract {

  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

  @TempDir private static Path folder;

  private final PrivateServers processes;
  private final int port = Ports.free();
  private final int checkPort = Ports.free();
  private final int auditorPort = Ports.free();
  private Containers containers;

  ContainersIT(PrivateServers processes) {
    this.processes = processes;
  }

  @Override
  Running running() {
    containers = Containers.start();
    start(
        "limiter-service",
        port,
        "/readyz",
        Map.of(
            "PORT", String.valueOf(port),
            "CHECK_PORT", String.valueOf(checkPort),
            // A slow machine must not count as a fault.
            "REDIS_TIMEOUT_MS", "2000",
            "SPOOL_DIR", folder.resolve("spool").toString()));
    start(
        "stream-auditor",
        auditorPort,
        "/health",
        Map.of(
            "AUDITOR_PORT", String.valueOf(auditorPort),
            "STATE_DIR", folder.resolve("state").toString()));
    // A service is ready before all of its servers are.
    awaitHealthy(port);
    awaitHealthy(auditorPort);
    return new Running(port, checkPort, containers.kafkaPort(), containers.postgresPort());
  }

  private static void awaitHealthy(int port) {
    Caller caller = new Caller(port);
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () -> assertThat(caller.get("/health").body()).contains("\"status\":\"healthy\""));
  }

  private void start(String name, int itsPort, String ready, Map<String, String> its) {
    Map<String, String> environment = new HashMap<>(containers.environment());
    environment.putAll(its);
    processes
        .service(
            new Service.Description(
                name,
                REPOSITORY.resolve(name).resolve("target").resolve(name + "-1.0.0-SNAPSHOT.jar"),
                List.of(),
                environment,
                URI.create("http://localhost:" + itsPort + ready),
                folder.resolve(name),
                folder.resolve(name + ".log")))
        .awaitReady();
  }

  @AfterAll
  void stop() {
    if (containers != null) {
      processes.close();
      containers.close();
    }
  }
}
