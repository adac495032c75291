package io.ratelimiter.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.process.Watcher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class KilledJvmIT {

  /** Main class of the JVM that is killed while one of its servers is paused. */
  static final class Victim {
    public static void main(String... args) throws InterruptedException {
      Watcher watcher = new Watcher();
      List<LocalServer> servers =
          List.of(
              new RedisServer(
                  ServerPlace.temporary("redis", watcher), RedisServer.Options.DEFAULT, watcher),
              new PostgresServer(ServerPlace.temporary("postgres", watcher), List.of(), watcher),
              new KafkaServer(ServerPlace.temporary("kafka", watcher), Map.of(), watcher));
      servers.forEach(LocalServer::start);
      servers.get(1).pause();
      servers.forEach(server -> System.out.println("folder " + server.logFile().getParent()));
      System.out.println("ready");
      new CountDownLatch(1).await();
    }
  }

  @Test
  void noProcessAndNoFolderRemainsAfterTheJvmWasKilled() throws Exception {
    List<Path> folders;
    List<ProcessHandle> children;
    try (OtherJvm victim = OtherJvm.start(Map.of(), List.of(), Victim.class)) {
      folders =
          List.of("redis", "postgres", "kafka").stream()
              .map(name -> Path.of(victim.line("folder ").substring("folder ".length())))
              .toList();
      victim.line("ready");
      children = victim.descendants();
      // Redis, Kafka, the watcher, and PostgreSQL with some processes.
      assertThat(children).hasSizeGreaterThan(6).allMatch(ProcessHandle::isAlive);
      assertThat(folders).allSatisfy(folder -> assertThat(folder).isDirectory());

      victim.kill();
    }

    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() -> {
          assertThat(children).noneMatch(ProcessHandle::isAlive);
          assertThat(folders).allSatisfy(folder -> assertThat(folder).doesNotExist());
        });
  }
}
