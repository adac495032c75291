package io.ratelimiter.localstack.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.OtherJvm;
import io.ratelimiter.localstack.Ports;
import io.ratelimiter.localstack.RedisConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRunIT {

  private static final String JVM_OPTIONS = "JAVA_TOOL_OPTIONS";
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  @TempDir Path repository;

  private final Map<String, Integer> ports = new HashMap<>();

  @BeforeEach
  void createRepositoryWithStandIns() throws IOException {
    for (String module : List.of("limiter-service", "stream-auditor")) {
      Path target = Files.createDirectories(repository.resolve(module).resolve("target"));
      writeJar(target.resolve(module + "-1.0.0-SNAPSHOT.jar"));
    }
    Path options = Path.of("deploy/docker/jvm.options");
    Files.createDirectories(repository.resolve(options).getParent());
    Files.copy(Path.of("..").resolve(options), repository.resolve(options));
    ports.put("PORT", freePairOfPorts());
    ports.put("CHECK_PORT", 0);
    for (String variable :
        List.of("AUDITOR_PORT", "LOCAL_REDIS_PORT", "LOCAL_POSTGRES_PORT", "LOCAL_KAFKA_PORT")) {
      ports.put(variable, Ports.free());
    }
  }

  @Test
  void everythingRunsUntilSigtermAndStopsInOrder() throws Exception {
    Map<String, String> turkish =
        Map.of("MY_OWN", "value", JVM_OPTIONS, "-Duser.language=tr -Duser.country=TR");
    try (OtherJvm run = start(turkish, "--nodes", "2")) {
      run.line("Ready.");
      String token = run.line("  admin token").substring("  admin token".length()).strip();
      assertThat(environmentOf(port("PORT")))
          .contains("MY_OWN=value", "INSTANCE_ID=limiter-1", "INSTANCES=2", "ADMIN_TOKEN=" + token);
      assertThat(environmentOf(port("PORT") + 2))
          .contains("INSTANCE_ID=limiter-2", "INSTANCES=2", "BIND_ADDRESS=127.0.0.1");
      assertThat(environmentOf(port("AUDITOR_PORT"))).contains("MY_OWN=value");

      try (OtherJvm second = start(Map.of())) {
        assertThat(second.rest()).startsWith("Another ./run (process ");
        assertThat(second.exitCode(STOP_LIMIT)).isEqualTo(1);
      }

      List<ProcessHandle> children = run.descendants();
      killRedis();
      assertThat(run.line("Redis ")).contains("ended by signal 9. The others go on");
      assertThat(environmentOf(port("PORT"))).contains("MY_OWN=value");

      run.terminate();
      assertThat(run.exitCode(STOP_LIMIT)).isEqualTo(143);
      assertThat(children).hasSizeGreaterThan(8).noneMatch(ProcessHandle::isAlive);
    }
    assertThat(ports.values()).filteredOn(port -> port != 0).allMatch(Ports::isFree);
    assertThat(List.of("limiter-service", "limiter-service-2", "stream-auditor"))
        .allSatisfy(service -> assertThat(handedOver(service)).isBefore(signalToKafka()));
    assertThat(log("kafka")).contains("shut down completed");
    assertThat(log("postgres")).contains("database system is shut down");
  }

  @Test
  void noProcessRemainsAfterAKillAndTheNextRunHasTheData() throws Exception {
    List<ProcessHandle> children;
    Map<String, String> egyptian = Map.of(JVM_OPTIONS, "-Duser.language=ar -Duser.country=EG");
    try (OtherJvm run = start(egyptian)) {
      run.line("Ready.");
      redis("SET", "kept", "1");
      children = run.descendants();
      run.kill();
    }
    await()
        .atMost(STOP_LIMIT)
        .untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
    assertThat(log("limiter-service")).contains("handed over at ");

    try (OtherJvm run = start(Map.of())) {
      run.line("Ready.");
      assertThat(redis("GET", "kept")).isEqualTo("1");
    }
  }

  @Test
  void aServiceThatEndsWhileStartingEndsTheRunWithTheEndOfItsLog() throws Exception {
    try (OtherJvm run = start(Map.of("STAND_IN_FAILS", "yes"))) {
      assertThat(run.rest())
          .contains("limiter-service ended with exit code 1 while starting")
          .contains("a value that cannot be read");
      assertThat(run.exitCode(STOP_LIMIT)).isEqualTo(1);
    }
    assertThat(ports.values()).filteredOn(port -> port != 0).allMatch(Ports::isFree);
  }

  @Test
  void aTakenPortIsReportedBeforeAnythingIsStarted() throws Exception {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress("127.0.0.1", port("LOCAL_KAFKA_PORT")));
      try (OtherJvm run = start(Map.of())) {
        assertThat(run.rest())
            .isEqualTo(
                "port %d (LOCAL_KAFKA_PORT) is taken\n".formatted(port("LOCAL_KAFKA_PORT"))
                    + "Set the variable to a free port, or end what listens there.");
        assertThat(run.exitCode(STOP_LIMIT)).isEqualTo(1);
      }
    }
    assertThat(repository.resolve(".local").resolve("logs")).doesNotExist();
  }

  @Test
  void aWrongCommandLinePrintsTheUsage() throws Exception {
    try (OtherJvm run = start(Map.of(), "--nodes", "9")) {
      assertThat(run.rest()).startsWith("--nodes 9: only 1 or 2 are possible").contains("Usage:");
      assertThat(run.exitCode(STOP_LIMIT)).isEqualTo(2);
    }
  }

  private OtherJvm start(Map<String, String> environment, String... args) throws IOException {
    Map<String, String> all = new HashMap<>(environment);
    ports.forEach((variable, port) -> all.put(variable, String.valueOf(port)));
    return OtherJvm.start(all, List.of("-Dratelimiter.home=" + repository), Main.class, args);
  }

  private int port(String variable) {
    return ports.get(variable);
  }

  private static int freePairOfPorts() {
    int port = Ports.free();
    while (!Ports.isFree(port + 2)) {
      port = Ports.free();
    }
    return port;
  }

  private String redis(String... command) {
    try (RedisConnection connection = RedisConnection.to(port("LOCAL_REDIS_PORT"))) {
      return connection.call(command);
    }
  }

  private void killRedis() {
    Matcher pid = Pattern.compile("process_id:(\\d+)").matcher(redis("INFO", "server"));
    assertThat(pid.find()).isTrue();
    assertThat(ProcessHandle.of(Long.parseLong(pid.group(1))))
        .hasValueSatisfying(ProcessHandle::destroyForcibly);
  }

  private static String environmentOf(int port) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://localhost:" + port + "/");
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }
  }

  private Path logFile(String name) {
    return repository.resolve(".local").resolve("logs").resolve(name + ".log");
  }

  private String log(String name) throws IOException {
    return Files.readString(logFile(name));
  }

  private LocalDateTime handedOver(String service) throws IOException {
    return time(log(service), "handed over at (\\S+)");
  }

  private LocalDateTime signalToKafka() throws IOException {
    return time(log("kafka"), "(\\S+ \\S+) .* Terminating process due to signal SIGTERM");
  }

  private static LocalDateTime time(String log, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(log);
    assertThat(found.find()).as("%s in:%n%s", pattern, log).isTrue();
    return LocalDateTime.parse(found.group(1).replace(' ', 'T'));
  }

  private static void writeJar(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, StandIn.class.getName());
    String folder = StandIn.class.getPackageName().replace('.', '/') + "/";
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      out.putNextEntry(new JarEntry(folder + "StandIn.class"));
      try (var in = StandIn.class.getResourceAsStream("StandIn.class")) {
        in.transferTo(out);
      }
    }
  }
}
