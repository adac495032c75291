package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.Ports;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The product with its services as processes and its servers in containers. */
@Tag("containers")
@LocalStack
class ContainersIT extends ProductContract {

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
    ServiceStarter services = new ServiceStarter(processes, folder);
    Map<String, String> limiter = new HashMap<>(containers.environment());
    limiter.put("CHECK_PORT", String.valueOf(checkPort));
    services.limiter(port, limiter);
    services.auditor(auditorPort, containers.environment());
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

  @AfterAll
  void stop() {
    if (containers != null) {
      processes.close();
      containers.close();
    }
  }
}
