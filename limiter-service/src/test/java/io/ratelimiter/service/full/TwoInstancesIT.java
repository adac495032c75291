package io.ratelimiter.service.full;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.Ports;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.LimiterProcess;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two limiters behind the nginx that we ship, one of which goes away under load. */
@Tag("full")
@LocalStack
class TwoInstancesIT {

  private static final Path SHIPPED = Path.of("../deploy/nginx/nginx.conf");
  private static final int CALLERS = 16;

  @TempDir private Path folder;

  private final RedisServer redis;
  private final KafkaServer kafka;
  private LimiterProcess first;
  private LimiterProcess second;
  private ProxyProcess nginx;

  TwoInstancesIT(RedisServer redis, KafkaServer kafka) {
    this.redis = redis;
    this.kafka = kafka;
  }

  @BeforeEach
  void start() throws Exception {
    redis.command("flushall");
    first = limiter("first");
    second = limiter("second");
    first.awaitReady();
    second.awaitReady();
    int port = Ports.free();
    String config =
        Files.readString(SHIPPED)
            .replace("limiter-1:8000", first.url().getAuthority())
            .replace("limiter-2:8000", second.url().getAuthority())
            .replace("listen 8000", "listen 127.0.0.1:" + port);
    nginx = Nginx.start(folder, config, URI.create("http://127.0.0.1:" + port));
  }

  @AfterEach
  void stop() throws Exception {
    nginx.close();
    first.close();
    second.close();
  }

  @Test
  void one_that_stops_in_order_fails_no_request_and_loses_no_decision() throws Exception {
    Callers callers = Callers.start(nginx.url(), CALLERS, "orderly");
    callers.awaitAnswered(2_000);
    first.terminate();
    assertThat(first.awaitExit()).as(first.output()).isIn(0, 143);
    callers.awaitAnswered(1_000);
    callers.stop();

    System.out.println("FIGURE orderly " + callers);
    assertThat(callers.failures()).isEmpty();
    assertThat(charged("orderly")).isEqualTo(callers.answered().size());
    second.terminate();
    second.awaitExit();
    assertThat(Told.decisions(kafka, "orderly"))
        .containsExactlyInAnyOrderElementsOf(callers.answered());
  }

  @Test
  void one_that_is_killed_fails_at_most_what_it_had_in_hand_and_nothing_is_charged_twice()
      throws Exception {
    Callers callers = Callers.start(nginx.url(), CALLERS, "killed");
    callers.awaitAnswered(2_000);
    first.kill();
    callers.awaitAnswered(1_000);
    callers.stop();

    System.out.println("FIGURE killed " + callers);
    // Each caller has one request under way at most.
    assertThat(callers.failures()).hasSizeLessThanOrEqualTo(CALLERS);
    assertThat(charged("killed"))
        .isBetween(
            (long) callers.answered().size(),
            (long) callers.answered().size() + callers.failures().size());
    second.terminate();
    second.awaitExit();
    assertThat(Told.decisions(kafka, "killed")).doesNotHaveDuplicates();
  }

  private LimiterProcess limiter(String name) throws Exception {
    Path rules = folder.resolve(name + "-rules.json");
    Files.writeString(
        rules,
        """
        {"rules": [{"client_id": "default", "rate": 100000000, "window": 31536000,
                    "algorithm": "fixed_window"}]}
        """);
    return new LimiterProcess(
        folder.resolve(name),
        Map.of(
            "REDIS_PORT", Integer.toString(redis.port()),
            "REDIS_TIMEOUT_MS", "2000",
            "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
            "RULES_FILE", rules.toString(),
            "INSTANCE_ID", name),
        "-Xmx256m");
  }

  /** What all instances together have charged this client. */
  private long charged(String client) throws Exception {
    var usage = Callers.get(second.url().resolve("/v1/usage?client_id=" + client)).get("limits");
    return 100_000_000 - usage.get(0).get("remaining").asLong();
  }
}
