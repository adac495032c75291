package io.ratelimiter.endtoend;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.Ports;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.Service;
import io.ratelimiter.localstack.junit.PrivateServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The two services and their servers as processes that can be killed and started one by one. They
 * keep their ports and folders over restarts.
 */
final class Deployment {

  private static final JsonMapper JSON = new JsonMapper();

  /** The token of the admin API and the web page. */
  static final String ADMIN_TOKEN = "deployment-token";

  private final ServiceStarter services;
  private final Path folder;
  private final RedisServer redis;
  private final PostgresServer postgres;
  private final KafkaServer kafka;
  private final int port = Ports.free();
  private final int auditorPort = Ports.free();
  private String limiterDatabase;
  private String auditorDatabase;
  private Service limiter;

  private Deployment(PrivateServers servers, Path folder) {
    this.services = new ServiceStarter(servers, folder);
    this.folder = folder;
    this.redis = servers.redis();
    this.postgres = servers.postgres();
    this.kafka = servers.kafka();
    this.limiterDatabase = postgres.databaseUrl();
    this.auditorDatabase = postgres.databaseUrl();
  }

  /** Sets the database URLs of the services, used from their next start on. */
  Deployment withDatabase(String ofLimiter, String ofAuditor) {
    limiterDatabase = ofLimiter;
    auditorDatabase = ofAuditor;
    return this;
  }

  /** Starts the servers, but no service. */
  static Deployment on(PrivateServers servers, Path folder) {
    return new Deployment(servers, folder);
  }

  /** Starts a limiter with the spool of the previous one, and waits until it is ready. */
  void startLimiter() {
    Map<String, String> environment = environment(limiterDatabase);
    environment.put("CHECK_PORT", "0");
    environment.put("INSTANCE_ID", "limiter-1");
    environment.put("SNAPSHOT_FILE", folder.resolve("rules.snapshot").toString());
    environment.put("REDIS_HOST", "localhost");
    environment.put("REDIS_PORT", String.valueOf(redis.port()));
    limiter = services.limiter(port, environment);
  }

  /** Starts the auditor and waits until it answers. */
  void startAuditor() {
    services.auditor(auditorPort, environment(auditorDatabase));
  }

  private Map<String, String> environment(String database) {
    Map<String, String> environment = new HashMap<>();
    environment.put("DATABASE_URL", database);
    environment.put("ADMIN_TOKEN", ADMIN_TOKEN);
    environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
    return environment;
  }

  PostgresServer postgres() {
    return postgres;
  }

  KafkaServer kafka() {
    return kafka;
  }

  Service limiter() {
    return limiter;
  }

  /** The limiter's port. */
  int port() {
    return port;
  }

  Topic topic() {
    return new Topic(kafka.port());
  }

  Database database() {
    return new Database(postgres.port());
  }

  /** The limiter's health. */
  JsonNode health() {
    return JSON.readTree(new Caller(port).get("/health").body());
  }

  /** Lines about Kafka in the limiter's log, of all its starts. */
  List<String> kafkaLog() {
    try {
      return Files.readAllLines(folder.resolve("limiter-service.log")).stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).contains("kafka"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Number of spooled decisions. */
  long spooled() {
    return health().get("spool").get("spooled").longValue();
  }

  /** Whether the limiter publishes to Kafka and no decision is spooled. */
  boolean publishesAll() {
    return health().get("kafka_available").booleanValue() && spooled() == 0;
  }
}
