package io.ratelimiter.service.full;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.junit.Programs;
import io.ratelimiter.service.ServiceUnderTest;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A run of schemathesis on a service. */
final class Fuzz {

  private static final Pattern CASES = Pattern.compile("(\\d+) generated");
  private static final Duration LIMIT = Duration.ofSeconds(500);

  private Fuzz() {}

  /**
   * Fails when an answer is 5xx or not as documented, or when too few requests were made.
   *
   * @param whole the port that serves the document
   * @param edge the port that is called
   * @param more options, to call only a part of the document, say
   * @param examples made up for each operation
   * @param cases fewer requests are too few
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
    int exit = Programs.run(output, LIMIT, command);
    String said = Programs.text(output);
    assertThat(exit).as(said).isZero();
    Matcher generated = CASES.matcher(said);
    assertThat(generated.find()).as(said).isTrue();
    assertThat(Integer.parseInt(generated.group(1))).isGreaterThanOrEqualTo(cases);
  }
}
