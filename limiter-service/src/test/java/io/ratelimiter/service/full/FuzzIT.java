package io.ratelimiter.service.full;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of requests made up from the document, right and wrong ones. */
@Tag("full")
@LocalStack
class FuzzIT {

  private static final Pattern CASES = Pattern.compile("(\\d+) generated");

  @TempDir private Path folder;

  @Test
  void no_request_made_from_the_document_is_answered_5xx_or_otherwise_than_documented(
      RedisServer redis) throws Exception {
    redis.command("flushall");
    try (ServiceUnderTest service =
        new ServiceUnderTest(Map.of("REDIS_PORT", Integer.toString(redis.port())))) {
      Path output = folder.resolve("schemathesis.log");
      int exit =
          Programs.run(
              output,
              500,
              List.of(
                  "schemathesis",
                  "run",
                  service.url() + "/openapi.json",
                  "--header",
                  "Authorization: Bearer " + ServiceUnderTest.ADMIN_TOKEN,
                  "--checks",
                  "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
                  "--exclude-path-regex",
                  "^/(rules|v1/admin/rules)",
                  "--max-examples",
                  "120",
                  "--phases",
                  "examples,coverage,fuzzing",
                  "--generation-deterministic",
                  "--seed",
                  "10"));
      String said = Programs.text(output);
      assertThat(exit).as(said).isZero();
      Matcher cases = CASES.matcher(said);
      assertThat(cases.find()).as(said).isTrue();
      assertThat(Integer.parseInt(cases.group(1))).isGreaterThanOrEqualTo(2_000);
    }
  }
}
