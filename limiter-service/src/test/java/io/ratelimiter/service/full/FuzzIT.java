package io.ratelimiter.service.full;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of valid and invalid requests generated from the OpenAPI document. */
@Tag("full")
@LocalStack
class FuzzIT {

  @TempDir private Path folder;

  @Test
  void everyGeneratedRequestIsAnsweredAsDocumented(RedisServer redis, PostgresServer postgres)
      throws Exception {
    redis.command("flushall");
    // With a database, because rules are written.
    Map<String, String> environment =
        Map.of(
            "REDIS_PORT",
            Integer.toString(redis.port()),
            "DATABASE_URL",
            postgres.createDatabase("fuzzed"));
    try (ServiceUnderTest service = new ServiceUnderTest(environment)) {
      Fuzz.run(service.url(), service.url(), List.of(), 50, 1_000, folder);
    }
  }

  @Test
  void everyGeneratedRequestToTheCheckPortIsAnsweredAsDocumented(RedisServer redis)
      throws Exception {
    redis.command("flushall");
    try (ServiceUnderTest service =
        new ServiceUnderTest(
            Map.of("REDIS_PORT", Integer.toString(redis.port()), "CHECK_PORT", "any"))) {
      List<String> itsPaths = List.of("--include-path-regex", "^/v1/(check|authz|settle)");
      Fuzz.run(service.url(), service.checkUrl(), itsPaths, 20, 100, folder);
    }
  }
}
