package io.ratelimiter.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** Redis, PostgreSQL and Kafka in containers of the images in docker-compose.yml. */
final class Containers implements AutoCloseable {

  private static final int REDIS_PORT = 6379;
  private static final int POSTGRES_PORT = 5432;
  private static final int KAFKA_PORT = 9092;
  private static final String RATELIMITER = "ratelimiter";

  private final GenericContainer<?> redis =
      new GenericContainer<>(image("redis"))
          .withCommand("redis-server", "--protected-mode", "no", "--maxmemory-policy", "noeviction")
          .withExposedPorts(REDIS_PORT);
  private final PostgreSQLContainer postgres =
      new PostgreSQLContainer(image("postgres"))
          .withDatabaseName(RATELIMITER)
          .withUsername(RATELIMITER)
          .withPassword(RATELIMITER)
          // By TCP: during initialization it listens on its Unix socket only.
          .waitingFor(Wait.forSuccessfulCommand("pg_isready -q -h 127.0.0.1 -U " + RATELIMITER));
  private final KafkaContainer kafka =
      new KafkaContainer(image("apache/kafka")).withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");

  private Containers() {}

  /** Starts all three; fails without a container engine. */
  static Containers start() {
    requireEngine();
    Containers containers = new Containers();
    try {
      Startables.deepStart(containers.redis, containers.postgres, containers.kafka).join();
    } catch (RuntimeException e) {
      containers.close();
      throw e;
    }
    return containers;
  }

  private static void requireEngine() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new AssertionError(
          "-Pcontainers needs a Docker engine, and none answers: start one, or name it in"
              + " DOCKER_HOST. Every other profile needs none.");
    }
  }

  private static DockerImageName image(String name) {
    try {
      return Pattern.compile("(?m)^\\s+image: (" + name + ":\\S+)$")
          .matcher(Files.readString(Path.of("../docker-compose.yml")))
          .results()
          .map((MatchResult found) -> DockerImageName.parse(found.group(1)))
          .findFirst()
          .orElseThrow(() -> new AssertionError("docker-compose.yml has no image of " + name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Environment variables with their addresses, for a service. */
  Map<String, String> environment() {
    return Map.of(
        "REDIS_HOST", redis.getHost(),
        "REDIS_PORT", redis.getMappedPort(REDIS_PORT).toString(),
        "KAFKA_BOOTSTRAP_SERVERS", kafka.getBootstrapServers(),
        "DATABASE_URL",
            "postgresql://%1$s:%1$s@%2$s:%3$d/%1$s"
                .formatted(RATELIMITER, postgres.getHost(), postgresPort()));
  }

  int kafkaPort() {
    return kafka.getMappedPort(KAFKA_PORT);
  }

  int postgresPort() {
    return postgres.getMappedPort(POSTGRES_PORT);
  }

  @Override
  public void close() {
    Stream.of(kafka, postgres, redis).forEach(GenericContainer::stop);
  }
}
