package io.ratelimiter.service.full;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.junit.SystemPrograms;
import io.ratelimiter.service.ServiceUnderTest;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs schemathesis against a service. */
final class Fuzz {

  private static final Pattern CASES = Pattern.compile("(\\d+) generated");
  private static final Duration LIMIT = Duration.ofSeconds(500);

  private Fuzz() {}

  /**
   * Fails if an answer is 5xx or undocumented, or if too few requests were sent.
   *
   * @param whole address that serves the OpenAPI document
   * @param edge address to which requests are sent
   * @param more further options, for example to use a part of the document
   * @param examples number of generated examples per operation
   * @param cases min number of requests
   * @param folder for the output
   */
  static void run(URI whole, URI edge, List<String> more, int examples, int cases, Path folder)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "schemathesis",
                "run",
                whole + "/openapi.json",
                "--url",
                edge.toString(),
                "--header",
                "Authorization: Bearer " + ServiceUnderTest.ADMIN_TOKEN,
                "--checks",
                "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
                "--max-examples",
                Integer.toString(examples),
                "--phases",
                "examples,coverage,fuzzing",
                "--generation-deterministic",
                "--seed",
                "10"));
    command.addAll(more);
    Path output = folder.resolve("schemathesis.log");
    int exit = SystemPrograms.run(output, LIMIT, command);
    String log = SystemPrograms.text(output);
    assertThat(exit).as(log).isZero();
    Matcher generated = CASES.matcher(log);
    assertThat(generated.find()).as(log).isTrue();
    assertThat(Integer.parseInt(generated.group(1))).isGreaterThanOrEqualTo(cases);
  }
}
