package io.ratelimiter.service.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The consumers of the schemas' README work as they stand there. */
@LocalStack
@Tag("full")
class ConsumerExamplesIT {

  private static final Path EXAMPLES = Path.of("../schemas/examples");

  private static KafkaServer kafka;

  @BeforeAll
  static void publish(PrivateServers servers, @TempDir Path spool) {
    kafka = servers.kafka();
    DecisionStream stream = StreamFixture.on(kafka.bootstrapServers(), "node-1", spool).start();
    await().atMost(Duration.ofSeconds(30)).until(stream::kafkaAvailable);
    for (int i = 0; i < 20; i++) {
      stream.publisher().publish(Samples.allowed("api_client"));
    }
    for (int i = 0; i < 5; i++) {
      stream.publisher().publish(Samples.blocked("api_client"));
    }
    stream.stop();
  }

  @Test
  void kcatShowsHeadersKeyAndValue() throws Exception {
    String out =
        run("kcat -b KAFKA -C -t ratelimiter.decisions.v1 -o beginning -e -q -f '%h %k %s\\n'");

    assertThat(out.lines().filter(line -> line.contains("ce_type=decision.v1"))).hasSize(25);
    assertThat(out).contains("correlation-id=corr-").contains("default/api_client {");
  }

  @Test
  void pythonSaysThatNothingIsMissing() throws Exception {
    String out =
        run(
            "kcat -b KAFKA -C -t ratelimiter.decisions.v1 -o beginning -e -q -J | python3 "
                + EXAMPLES.resolve("completeness.py"));

    assertThat(out).endsWith("received 25 lost 0\n");
  }

  @Test
  void javaCountsEachDecisionOnce() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String out =
        run(
            java
                + " -cp '"
                + System.getProperty("java.class.path")
                + "' "
                + EXAMPLES.resolve("TailDecisions.java")
                + " KAFKA 3");

    // Its own last line; the client's log may follow.
    assertThat(out.lines()).contains("25 decisions, 5 blocked");
  }

  private static String run(String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(List.of("sh", "-c", command.replace("KAFKA", kafka.bootstrapServers())))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }
}
