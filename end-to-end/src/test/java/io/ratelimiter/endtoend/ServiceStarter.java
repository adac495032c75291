package io.ratelimiter.endtoend;

import io.ratelimiter.localstack.Service;
import io.ratelimiter.localstack.junit.PrivateServers;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Starts the built services as processes.
 *
 * @param processes stops them
 * @param folder for their data and logs
 */
record ServiceStarter(PrivateServers processes, Path folder) {

  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

  /** Starts a limiter with the spool of the previous one, and waits until it is ready. */
  Service limiter(int port, Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("PORT", String.valueOf(port));
    all.put("SPOOL_DIR", folder.resolve("spool").toString());
    // A slow machine must not count as a fault of Redis.
    all.put("REDIS_TIMEOUT_MS", "2000");
    return start("limiter-service", all, "http://localhost:" + port + "/readyz");
  }

  /** Starts an auditor and waits until it answers. */
  Service auditor(int port, Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("AUDITOR_PORT", String.valueOf(port));
    all.put("STATE_DIR", folder.resolve("state").toString());
    return start("stream-auditor", all, "http://localhost:" + port + "/health");
  }

  private Service start(String name, Map<String, String> environment, String ready) {
    Service service =
        processes.service(
            new Service.Description(
                name,
                REPOSITORY.resolve(name).resolve("target").resolve(name + "-1.0.0-SNAPSHOT.jar"),
                List.of(),
                environment,
                URI.create(ready),
                folder.resolve(name),
                folder.resolve(name + ".log")));
    service.awaitReady();
    return service;
  }
}
