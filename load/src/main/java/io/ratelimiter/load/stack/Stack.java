package io.ratelimiter.load.stack;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.LocalServer;
import io.ratelimiter.localstack.Ports;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.ServerPlace;
import io.ratelimiter.localstack.Service;
import io.ratelimiter.localstack.process.Watcher;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The servers and services of one measure: Redis and Kafka, and the limiter, E and auditor as
 * needed. All listen on free ports of this machine and end with {@link #close}.
 */
public final class Stack implements AutoCloseable {

  private static final String LIMITER = "limiter-service";

  private final Settings settings;
  private final Watcher watcher = new Watcher();
  private final Path folder;
  private final RedisServer redis;
  private final KafkaServer kafka;
  private final Map<String, Service> services = new HashMap<>();
  private final List<LocalServer> others = new ArrayList<>();

  /**
   * Settings of a stack.
   *
   * @param repository the repository; its images are unpacked in {@code load/target/image}
   * @param moreOptions JVM options of every service, E included, after those of the images
   * @param profiled whether the limiter writes a flight recording, as in production
   * @param environment variables of the limiter; they override the stack's own
   */
  public record Settings(
      Path repository,
      List<String> moreOptions,
      boolean profiled,
      Map<String, String> environment) {

    public Settings {
      moreOptions = List.copyOf(moreOptions);
      environment = Map.copyOf(environment);
    }

    /** These settings with one more variable for the limiter. */
    public Settings with(String variable, String value) {
      Map<String, String> more = new HashMap<>(environment);
      more.put(variable, value);
      return new Settings(repository, moreOptions, profiled, more);
    }

    /** Options of every measured JVM: those of the images, then the additional ones. */
    public List<String> jvmOptions() {
      List<String> options = new ArrayList<>();
      options.add("@" + repository.resolve("deploy/docker/jvm.options"));
      options.addAll(moreOptions);
      return options;
    }

    private Path image(String service) {
      return repository.resolve("load/target/image").resolve(service);
    }

    private List<String> optionsOf(String service) {
      List<String> options = new ArrayList<>(jvmOptions());
      Path cache = image(service).resolve("service.aot");
      if (Files.exists(cache)) {
        options.add("-XX:AOTCache=" + cache);
      }
      if (profiled && service.equals(LIMITER)) {
        options.add(
            "-XX:StartFlightRecording:settings=%s,filename=%s,dumponexit=true"
                .formatted(
                    repository.resolve("deploy/jfr/always-on.jfc"),
                    repository.resolve("load/target/profile.jfr")));
        // Without this, inlined code is attributed to the next safepoint.
        options.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints"));
      }
      return options;
    }
  }

  /** A started service, its port and process id. */
  public record Running(String name, int port, long pid) {}

  private Stack(Settings settings) {
    this.settings = settings;
    this.folder = watcher.temporaryFolder("bench");
    // Durable places: the broker of a temporary place runs with the C1 compiler only.
    this.redis = new RedisServer(place("redis"), RedisServer.Options.DEFAULT, watcher);
    this.kafka = new KafkaServer(place("kafka"), Map.of(), watcher);
  }

  private ServerPlace place(String name) {
    return new ServerPlace(folder.resolve(name), Ports.free(), folder.resolve(name + ".log"), true);
  }

  /** Starts Redis and Kafka. */
  public static Stack start(Settings settings) {
    Stack stack = new Stack(settings);
    try {
      stack.redis.start();
      stack.kafka.start();
      return stack;
    } catch (RuntimeException e) {
      stack.close();
      throw e;
    }
  }

  public RedisServer redis() {
    return redis;
  }

  public KafkaServer kafka() {
    return kafka;
  }

  /** Starts a limiter with these rules. */
  public Running startLimiter(RuleFile rules) {
    int port = Ports.free();
    Map<String, @Nullable String> environment = new HashMap<>(plain());
    environment.put("PORT", String.valueOf(port));
    environment.put("INSTANCE_ID", "limiter");
    environment.put("SPOOL_DIR", folder.resolve("spool").toString());
    environment.put("RULES_FILE", rules.write(folder.resolve("rules.json")).toString());
    environment.put("DRAIN", "0s");
    environment.putAll(settings.environment());
    return start(LIMITER, URI.create("http://localhost:" + port + "/readyz"), environment);
  }

  /** Starts E, the controller that decides nothing. */
  public Running startEmpty() {
    int port = Ports.free();
    Map<String, @Nullable String> environment = new HashMap<>();
    environment.put("PORT", String.valueOf(port));
    return start(
        "empty-controller", URI.create("http://localhost:" + port + "/readyz"), environment);
  }

  /** Starts PostgreSQL and an auditor that writes to it. */
  public Running startAuditor() {
    PostgresServer postgres = new PostgresServer(place("postgres"), List.of(), watcher);
    others.add(postgres);
    postgres.start();
    int port = Ports.free();
    Map<String, @Nullable String> environment = new HashMap<>(plain());
    environment.put("AUDITOR_PORT", String.valueOf(port));
    environment.put("DATABASE_URL", postgres.databaseUrl());
    environment.put("STATE_DIR", folder.resolve("state").toString());
    return start("stream-auditor", URI.create("http://localhost:" + port + "/health"), environment);
  }

  /** Stops a service in order; another one of the same name can then be started. */
  public void stop(Running running) {
    Service service = services.remove(running.name());
    if (service != null) {
      service.stop();
    }
  }

  private Map<String, @Nullable String> plain() {
    Map<String, @Nullable String> environment = new HashMap<>();
    environment.put("REDIS_URL", null);
    environment.put("DATABASE_URL", null);
    environment.put("ADMIN_TOKEN", null);
    environment.put("REDIS_HOST", "localhost");
    environment.put("REDIS_PORT", String.valueOf(redis.port()));
    // A pause of this machine must not count as a fault.
    environment.put("REDIS_TIMEOUT_MS", "1000");
    environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
    environment.put("LOG_LEVEL", "WARN");
    return environment;
  }

  private Running start(String name, URI ready, Map<String, @Nullable String> environment) {
    Service service =
        Service.start(
            new Service.Description(
                name,
                settings.image(name).resolve("service.jar"),
                settings.optionsOf(name),
                environment,
                ready,
                folder.resolve(name),
                folder.resolve(name + ".log")),
            watcher);
    services.put(name, service);
    service.awaitReady();
    return new Running(name, ready.getPort(), service.pid());
  }

  @Override
  public void close() {
    services.values().forEach(Service::stop);
    others.forEach(LocalServer::stop);
    kafka.stop();
    redis.stop();
    watcher.close();
  }
}
