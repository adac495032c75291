package io.ratelimiter.localstack.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ServiceEnvironmentTests {

  private static Map<String, @Nullable String> limiter(int node, Map<String, String> caller) {
    return environment(caller, "--nodes", "2").ofLimiter(node);
  }

  private static ServiceEnvironment environment(Map<String, String> caller, String... arguments) {
    LocalPorts ports = new LocalPorts(8000, 8001, 8010, 16379, 15432, 19092);
    return new ServiceEnvironment(
        caller, Arguments.parse(arguments), ports, Path.of("/data"), "token");
  }

  @Test
  void theFirstLimiterGetsTheLocalServersAndItsOwnFolder() {
    Map<String, @Nullable String> limiter = limiter(1, Map.of());

    assertThat(limiter)
        .containsEntry("PORT", "8000")
        .containsEntry("CHECK_PORT", "8001")
        .containsEntry("REDIS_HOST", "localhost")
        .containsEntry("REDIS_PORT", "16379")
        .containsEntry("REDIS_TIMEOUT_MS", "150")
        .containsEntry(
            "DATABASE_URL", "postgresql://ratelimiter:ratelimiter@localhost:15432/ratelimiter")
        .containsEntry("KAFKA_BOOTSTRAP_SERVERS", "localhost:19092")
        .containsEntry("ADMIN_TOKEN", "token")
        .containsEntry("INSTANCE_ID", "limiter-1")
        .containsEntry("SPOOL_DIR", "/data/limiter-1/spool")
        .containsEntry("SNAPSHOT_FILE", "/data/limiter-1/rules.snapshot");
  }

  @Test
  void theSecondLimiterGetsItsOwnPortsIdAndFolders() {
    Map<String, @Nullable String> limiter =
        limiter(2, Map.of("SPOOL_DIR", "/mine/spool", "INSTANCE_ID", "me"));

    assertThat(limiter)
        .containsEntry("PORT", "8002")
        .containsEntry("CHECK_PORT", "8003")
        .containsEntry("INSTANCE_ID", "me-2")
        .containsEntry("SPOOL_DIR", "/mine/spool-2")
        .containsEntry("SNAPSHOT_FILE", "/data/limiter-2/rules.snapshot");
  }

  @Test
  void aDisabledCheckPortIsDisabledOnBothLimiters() {
    LocalPorts ports = new LocalPorts(8000, 0, 8010, 16379, 15432, 19092);

    Arguments arguments = Arguments.parse("--nodes", "2");
    assertThat(
            new ServiceEnvironment(Map.of(), arguments, ports, Path.of("/data"), "t").ofLimiter(2))
        .containsEntry("CHECK_PORT", "0");
  }

  @Test
  void twoLimitersGetInstances2WhateverTheCallersEnvironmentHas() {
    assertThat(limiter(1, Map.of())).containsEntry("INSTANCES", "2");
    assertThat(limiter(2, Map.of("INSTANCES", "1"))).containsEntry("INSTANCES", "2");
    assertThat(environment(Map.of("INSTANCES", "3")).ofLimiter(1)).doesNotContainKey("INSTANCES");
  }

  @Test
  void theServicesListenOnLoopbackUnlessPublic() {
    assertThat(limiter(1, Map.of())).containsEntry("BIND_ADDRESS", "127.0.0.1");
    assertThat(environment(Map.of()).ofAuditor()).containsEntry("BIND_ADDRESS", "127.0.0.1");
    assertThat(environment(Map.of(), "--public").ofLimiter(1))
        .containsEntry("BIND_ADDRESS", "0.0.0.0");
    assertThat(environment(Map.of(), "--public").ofAuditor())
        .containsEntry("BIND_ADDRESS", "0.0.0.0");
    assertThat(limiter(1, Map.of("BIND_ADDRESS", "10.0.0.7")))
        .containsEntry("BIND_ADDRESS", "10.0.0.7");
  }

  @Test
  void theCallersTimeoutIsKept() {
    assertThat(limiter(1, Map.of("REDIS_TIMEOUT_MS", "50")))
        .containsEntry("REDIS_TIMEOUT_MS", "50");
  }

  @Test
  void aRedisUrlOfTheCallerIsRemoved() {
    Map<String, String> caller = Map.of("REDIS_URL", "redis://production:6379");

    assertThat(limiter(1, caller)).containsEntry("REDIS_URL", null);
    assertThat(environment(caller).ofAuditor()).containsEntry("REDIS_URL", null);
  }

  @Test
  void theAuditorListensOnItsOwnPort() {
    assertThat(environment(Map.of()).ofAuditor())
        .containsEntry("AUDITOR_PORT", "8010")
        .doesNotContainKeys("PORT", "SPOOL_DIR");
  }
}
