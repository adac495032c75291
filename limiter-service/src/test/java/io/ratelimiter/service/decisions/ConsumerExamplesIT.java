package io.ratelimiter.service.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.localstack.junit.SystemPrograms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The consumers in the README of schemas work unchanged, also with unreadable records on the topic.
 */
@LocalStack
@Tag("full")
class ConsumerExamplesIT {

  private static final Path ROOT = Path.of("..");

  private static KafkaServer kafka;

  @TempDir private Path folder;

  private record Output(int exit, String out) {}

  @BeforeAll
  static void publish(PrivateServers servers, @TempDir Path spool) {
    kafka = servers.kafka();
    DecisionStream stream = StreamFixture.on(kafka.bootstrapServers(), "node-1", spool).start();
    await().atMost(Duration.ofSeconds(30)).until(() -> stream.state().kafkaAvailable());
    UnreadableRecords.publish(kafka.bootstrapServers());
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
    Output output = run(documented("'%h %k %s") + " -o beginning -e -q");

    assertThat(output.out().lines().filter(line -> line.contains("correlation-id=corr-")))
        .hasSize(25)
        .allMatch(line -> line.contains("default/api_client {"));
  }

  @Test
  void pythonReportsThatNothingIsMissingAndCountsUnreadableRecords() throws Exception {
    Output output = run(documented("completeness.py"));

    assertThat(output.out())
        .endsWith("unreadable " + UnreadableRecords.COUNT + "\nreceived 25 lost 0\n");
    assertThat(output.exit()).isEqualTo(1);
  }

  @Test
  void javaCountsEachDecisionOnceAndCountsUnreadableRecords() throws Exception {
    Output output = run(documented("TailDecisions.java") + " 3");

    assertThat(output.out())
        .contains("default/api_client limit_exceeded\n")
        .endsWith("25 decisions, 5 blocked, " + UnreadableRecords.COUNT + " unreadable\n");
    assertThat(output.exit()).isZero();
  }

  @Test
  void pythonDoesNotCountRecordsAsLostThatTheTopicNoLongerKeeps() throws Exception {
    String kept =
        ledger(500, 1_000) + decision(501, 1_001) + decision(502, 1_002) + decision(503, 1_004);

    assertThat(lastLine(kept + ledger(504, 1_004))).isEqualTo("received 3 lost 1");
    assertThat(lastLine(kept.replace(" 500", " 0"))).isEqualTo("received 3 lost 997");
  }

  private String lastLine(String messages) throws Exception {
    Path file = Files.writeString(folder.resolve("messages"), messages);
    return run("schemas/examples/completeness.py < '" + file + "'")
        .out()
        .lines()
        .toList()
        .getLast();
  }

  private static String decision(long offset, long seq) {
    return message(offset, "decision.v1", "\\\"seq\\\":" + seq);
  }

  private static String ledger(long offset, long settled) {
    return message(
        offset,
        "ledger.v1",
        "\\\"issued\\\":%1$d,\\\"settled_seq\\\":%1$d,\\\"settled_dropped\\\":3,\\\"closed\\\":false"
            .formatted(settled));
  }

  private static String message(long offset, String type, String fields) {
    return """
    {"partition":0,"offset": %d,"headers":["ce_type","%s"],"payload":"{\\"schema_version\\":1,\\"instance\\":\\"i\\",\\"epoch\\":\\"e\\",\\"partition\\":0,%s}"}
    """
        .formatted(offset, type, fields);
  }

  /** The command of the README that contains this text, for the broker of this test. */
  private static String documented(String part) throws IOException {
    return Files.readAllLines(ROOT.resolve("schemas/README.md")).stream()
        .filter(line -> line.startsWith("    ") && line.contains(part))
        .findFirst()
        .orElseThrow()
        .strip()
        .replace("localhost:19092", kafka.bootstrapServers());
  }

  /** Runs a command at the root of the repository. */
  private Output run(String command) throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    String there = "cd .. && exec 2>/dev/null; PATH=\"$JAVA_HOME/bin:$PATH\"; ";
    int exit =
        SystemPrograms.run(out, Duration.ofMinutes(1), List.of("bash", "-c", there + command));
    // The output of kcat is not always UTF-8.
    return new Output(exit, Files.readString(out, StandardCharsets.ISO_8859_1));
  }
}
