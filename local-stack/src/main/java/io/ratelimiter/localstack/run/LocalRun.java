package io.ratelimiter.localstack.run;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.LocalServer;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.RedisBinary;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.ServerPlace;
import io.ratelimiter.localstack.Service;
import io.ratelimiter.localstack.process.Folders;
import io.ratelimiter.localstack.process.Watcher;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The whole product as child processes, started in the order of their dependencies and stopped in
 * the reverse order.
 *
 * <p>A child that ends by itself while the others start ends the run. One that ends later is only
 * reported, because the product continues without any of them.
 */
public final class LocalRun {

  private static final String LIMITER = "limiter-service";
  private static final String AUDITOR = "stream-auditor";
  // The default is 1/64 of the machine's memory at first, and up to a quarter.
  private static final List<String> HEAP = List.of("-Xms32m", "-Xmx512m");

  private final Path repository;
  private final Arguments arguments;
  private final LocalPorts ports;
  private final String adminToken;
  private final Map<String, String> environment;
  private final @Nullable Tracing tracing;
  private final PrintStream out;
  private final RunFolder folder;
  private final Watcher watcher = new Watcher();
  private final List<LocalServer> servers;
  private final List<Service> services = new CopyOnWriteArrayList<>();
  private volatile boolean stopping;

  private LocalRun(
      Path repository,
      Arguments arguments,
      LocalPorts ports,
      RunFolder folder,
      Map<String, String> environment,
      PrintStream out) {
    this.repository = repository;
    this.arguments = arguments;
    this.ports = ports;
    this.folder = folder;
    this.environment = environment;
    this.tracing = arguments.trace() ? new Tracing(Tracing.agentIn(repository), environment) : null;
    this.out = out;
    this.adminToken = AdminToken.from(environment);
    this.servers = servers();
  }

  /**
   * Locks the repository's {@code .local} and checks that all ports are free; starts nothing.
   *
   * @throws UserError if the folder is locked, a port is taken or a jar is missing
   */
  public static LocalRun prepare(
      Path repository, Arguments arguments, Map<String, String> environment, PrintStream out) {
    LocalPorts ports = LocalPorts.from(environment);
    requireBuilt(jar(repository, LIMITER));
    requireBuilt(jar(repository, AUDITOR));
    if (arguments.trace()) {
      requireBuilt(Tracing.agentIn(repository));
    }
    RunFolder folder = RunFolder.lock(repository.resolve(".local"));
    ports.requireFree(arguments.nodes());
    if (arguments.fresh()) {
      folder.empty();
    }
    folder.rotateLogs();
    return new LocalRun(repository, arguments, ports, folder, environment, out);
  }

  private static Path jar(Path repository, String module) {
    return repository.resolve(module).resolve("target").resolve(module + "-1.0.0-SNAPSHOT.jar");
  }

  private static void requireBuilt(Path jar) {
    if (!Files.isRegularFile(jar)) {
      throw UserError.notPossible(jar + " is not there: ./run builds it, or ./mvnw package");
    }
  }

  private List<LocalServer> servers() {
    RedisServer.Options durable = new RedisServer.Options(RedisBinary.ANY, true, List.of());
    return List.of(
        new RedisServer(place("redis", ports.redis()), durable, watcher),
        new PostgresServer(place("postgres", ports.postgres()), List.of(), watcher),
        new KafkaServer(place("kafka", ports.kafka()), Map.of(), watcher));
  }

  private ServerPlace place(String name, int port) {
    return new ServerPlace(folder.data(name), port, folder.log(name), true);
  }

  /**
   * Starts everything and blocks until all is ready.
   *
   * @throws io.ratelimiter.localstack.process.ServerNotStarted if one does not become ready
   */
  public void start() {
    out.println("Starting Redis, PostgreSQL and Kafka; logs in " + folder.logs());
    InParallel.run(servers.stream().<Runnable>map(server -> () -> start(server)).toList());
    for (int node = 1; node <= arguments.nodes(); node++) {
      services.add(Service.start(limiter(node), watcher));
    }
    services.add(Service.start(auditor(), watcher));
    services.forEach(service -> out.println("Starting " + service.description().name()));
    InParallel.run(services.stream().<Runnable>map(service -> () -> awaitReady(service)).toList());
    servers.forEach(server -> reportEnd(server.toString(), server.logFile(), server.exit()));
    services.forEach(service ->
        reportEnd(service.description().name(), service.description().logFile(), service.exit()));
    out.println(welcome());
  }

  private void start(LocalServer server) {
    long beganNanos = System.nanoTime();
    server.start();
    out.println("  " + server + " is ready" + seconds(beganNanos));
  }

  private void awaitReady(Service service) {
    long beganNanos = System.nanoTime();
    service.awaitReady();
    out.println("  " + service.description().name() + " is ready" + seconds(beganNanos));
  }

  private static String seconds(long beganNanos) {
    return " (%.1f s)".formatted((System.nanoTime() - beganNanos) / 1e9);
  }

  private Service.Description limiter(int node) {
    String name = node == 1 ? LIMITER : LIMITER + "-" + node;
    return new Service.Description(
        name,
        jar(repository, LIMITER),
        jvmOptions(),
        traced(serviceEnvironment().ofLimiter(node), orDefault("SERVICE_NAME", "rate-limiter")),
        URI.create("http://localhost:" + ports.api(node) + "/readyz"),
        Folders.create(folder.data("limiter-" + node)),
        folder.log(name));
  }

  private Service.Description auditor() {
    return new Service.Description(
        AUDITOR,
        jar(repository, AUDITOR),
        jvmOptions(),
        traced(serviceEnvironment().ofAuditor(), AUDITOR),
        URI.create("http://localhost:" + ports.auditor() + "/health"),
        Folders.create(folder.data("auditor")),
        folder.log(AUDITOR));
  }

  private List<String> jvmOptions() {
    List<String> options = new ArrayList<>();
    options.add("@" + repository.resolve("deploy/docker/jvm.options"));
    options.addAll(HEAP);
    if (tracing != null) {
      options.addAll(tracing.jvmOptions());
    }
    return options;
  }

  private Map<String, @Nullable String> traced(
      Map<String, @Nullable String> service, String serviceName) {
    if (tracing != null) {
      service.putAll(tracing.environment(serviceName));
    }
    return service;
  }

  private String orDefault(String variable, String defaultValue) {
    String value = environment.getOrDefault(variable, "");
    return value.isEmpty() ? defaultValue : value;
  }

  private ServiceEnvironment serviceEnvironment() {
    return new ServiceEnvironment(environment, arguments, ports, folder.data(""), adminToken);
  }

  private void reportEnd(String name, Path log, CompletableFuture<Integer> exit) {
    var _ =
        exit.thenAccept(code -> {
          if (!stopping) {
            out.printf(
                "%s ended%s. The others go on; its log is %s. Ctrl-C ends all.%n",
                name, code > 128 ? " by signal " + (code - 128) : " with exit code " + code, log);
          }
        });
  }

  private String welcome() {
    StringBuilder text = new StringBuilder("\nReady.\n");
    for (int node = 1; node <= arguments.nodes(); node++) {
      text.append(
          "  limiter-service%s http://localhost:%d/\n"
              .formatted(node == 1 ? "  " : "-" + node, ports.api(node)));
    }
    text.append("  stream-auditor    http://localhost:%d/health\n".formatted(ports.auditor()));
    text.append("  admin token       %s\n".formatted(adminToken));
    if (tracing != null) {
      text.append("  traces go to      %s\n".formatted(tracing.target()));
    }
    text.append(
        "  web page          http://localhost:%d/#token=%s\n"
            .formatted(ports.api(1), URLEncoder.encode(adminToken, StandardCharsets.UTF_8)));
    text.append(
        """

        Try:
          curl -s http://localhost:%d/v1/check -H 'Content-Type: application/json' \\
            -d '{"client_id": "api_client"}'

        Ctrl-C ends all; the data stays in %s.
        """
            .formatted(ports.api(1), folder.data("")));
    return text.toString();
  }

  /** Whether {@link #stop} was called, so that the end of a child is expected. */
  public boolean isStopping() {
    return stopping;
  }

  /**
   * Stops the services together, so that they can flush to the servers, then Kafka, PostgreSQL and
   * Redis. Blocks until all have ended.
   */
  public void stop() {
    stopping = true;
    if (!services.isEmpty()) {
      out.println("\nStopping the services");
      InParallel.run(services.stream().<Runnable>map(service -> () -> stop(service)).toList());
    }
    out.println("Stopping Kafka, PostgreSQL and Redis");
    servers.reversed().forEach(LocalServer::stop);
    watcher.close();
    folder.close();
  }

  private void stop(Service service) {
    if (!service.stop()) {
      out.println("  " + service.description().name() + " did not stop in time and was killed");
    }
  }
}
