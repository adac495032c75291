package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.LimiterProcess;
import io.ratelimiter.service.api.contract.HttpCaller;
import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Rows whose metadata is older than its bounds, or bypassed them, in a limiter with the heap of its
 * image.
 */
@LocalStack
class UnreadableMetadataIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String RULES = "/v1/admin/rules";
  private static final String[] TOKEN = {"Authorization", "Bearer token-of-this-test"};

  @Test
  void aLimiterRunsOnSuchRowsAndShowsThemAsUnreadable(
      PostgresServer postgres, RedisServer redis, @TempDir Path folder) throws Exception {
    Database database = Database.migrated(postgres, "unreadable_metadata");
    database.execute(
        """
        ALTER TABLE limiter.rate_limit_rules
          DROP CONSTRAINT IF EXISTS metadata_has_at_most_16384_bytes,
          DROP CONSTRAINT IF EXISTS metadata_has_at_most_32_levels,
          DROP CONSTRAINT IF EXISTS metadata_numbers_survive_a_round_trip;
        INSERT INTO limiter.rate_limit_rules (id, client_id, rate, window_seconds, metadata) VALUES
          (901, 'large', 5, 60, jsonb_build_object('a', repeat('x', 50000000))),
          (902, 'number', 5, 60, '{"a": 1e2000}'),
          (903, 'deep', 5, 60, ('{"a": ' || repeat('[', 900) || repeat(']', 900) || '}')::jsonb),
          (904, 'name', 5, 60, jsonb_build_object(repeat('n', 60000), 1)),
          (905, 'double', 5, 60, '{"a": 9007199254740993}'),
          (906, 'fine', 5, 60, '{"a": 1}');
        UPDATE limiter.rate_limit_rules SET rate = 6 WHERE id > 900
        """);
    Path snapshot = folder.resolve("rules.snapshot");
    try (LimiterProcess process =
        new LimiterProcess(
            folder.resolve("p"),
            Map.of(
                "DATABASE_URL", database.url(),
                "SNAPSHOT_FILE", snapshot.toString(),
                "REDIS_PORT", Integer.toString(redis.port()),
                "REDIS_TIMEOUT_MS", "2000",
                "ADMIN_TOKEN", "token-of-this-test"),
            "-Xmx230m",
            "-XX:+ExitOnOutOfMemoryError")) {
      HttpCaller http = new HttpCaller(process.awaitReady().url());
      assertRead(http);
      assertThat(Files.readString(snapshot)).contains("\"client_id\":\"large\"").contains("fine");
      for (int n = 0; n < 5; n++) {
        database.execute("UPDATE limiter.rate_limit_rules SET rate = rate + 1 WHERE id = 906");
      }
      await().atMost(SOON).until(() -> Files.readString(snapshot).contains("\"rate\":11,"));
      JsonNode health = http.get("/health").json();
      assertThat(health.get("postgres_available").booleanValue()).as(health.toString()).isTrue();
      assertUpdated(http);
      assertOtherColumns(http, database);
    }
  }

  /**
   * A text column of 50 MB that bypassed its constraint: the set is refused, with no other effect.
   */
  private static void assertOtherColumns(HttpCaller http, Database database) throws Exception {
    database.execute(
        """
        ALTER TABLE limiter.rate_limit_rules DROP CONSTRAINT mode_is_known;
        UPDATE limiter.rate_limit_rules SET mode = repeat('x', 50000000), metadata = '{}' WHERE id = 906
        """);
    await()
        .atMost(SOON)
        .until(() -> http.get("/health").json().at("/rules").has("refused_because"));
    JsonNode health = http.get("/health").json();
    assertThat(health.at("/rules/refused_because").stringValue())
        .isEqualTo("rule 906 (fine of tenant default): \"" + "x".repeat(32) + "\" is not known");
    assertThat(health.get("postgres_available").booleanValue()).isTrue();
    assertThat(http.get(RULES + "/906/history", TOKEN).json().at("/history/0/after").has("fault"))
        .isTrue();
  }

  private static void assertRead(HttpCaller http) {
    JsonNode list = http.get(RULES, TOKEN).json().get("rules");
    assertThat(list).hasSize(9);
    for (JsonNode rule : list) {
      long id = rule.get("id").longValue();
      boolean readable = id < 900 || id == 906;
      assertThat(rule.get("metadata").isNull()).as(rule.toString()).isEqualTo(!readable);
      assertThat(rule.has("metadata_fault")).isEqualTo(!readable);
      assertThat(http.get(RULES + "/" + id, TOKEN).json()).isEqualTo(rule);
    }
    for (int id = 901; id <= 905; id++) {
      JsonNode change = http.get(RULES + "/" + id + "/history", TOKEN).json().at("/history/0");
      for (String image : new String[] {"before", "after"}) {
        assertThat(change.get(image).get("metadata").isNull()).isTrue();
        assertThat(change.get(image).has("metadata_fault")).isTrue();
        assertThat(change.get(image).get("window").longValue()).isEqualTo(60);
      }
    }
  }

  /** After a PUT the rule is in force, without the metadata that could not be shown. */
  private static void assertUpdated(HttpCaller http) {
    String rule = http.get(RULES + "/901", TOKEN).text();
    Reply put =
        http.send(
            RULES + "/901",
            request ->
                request
                    .PUT(BodyPublishers.ofString(rule.replace("\"rate\":6", "\"rate\":7")))
                    .headers(TOKEN)
                    .header("Content-Type", "application/json"));
    assertThat(put.status()).as(put.text()).isEqualTo(200);
    assertThat(put.json().get("metadata").isEmpty()).isTrue();
    assertThat(put.json().has("metadata_fault")).isFalse();
    await()
        .atMost(SOON)
        .until(() ->
            http.check("{\"client_id\":\"large\",\"cost\":0}").json().get("limit").longValue()
                == 7);
  }
}
