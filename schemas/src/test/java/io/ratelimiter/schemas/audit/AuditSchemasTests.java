package io.ratelimiter.schemas.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.SchemaExamples;
import io.ratelimiter.schemas.topics.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Schemas, examples, writer and reader of the auditor's topics agree. */
class AuditSchemasTests {

  private static final Path EXAMPLES = Path.of("src/test/resources/audit-examples");

  private final AuditReader reader = new AuditReader();
  private final AuditWriter writer = new AuditWriter();
  private final SchemaExamples examples = new SchemaExamples(this::rewrite);

  static List<Path> valid() throws IOException {
    return SchemaExamples.in(EXAMPLES.resolve("valid"), 10);
  }

  static List<Path> earlier() throws IOException {
    return SchemaExamples.in(EXAMPLES.resolve("earlier"), 10);
  }

  static List<Path> invalid() throws IOException {
    return SchemaExamples.in(EXAMPLES.resolve("invalid"), 10);
  }

  @ParameterizedTest
  @MethodSource("valid")
  void everyValidExampleIsValidAndUnchangedByReaderAndWriter(Path example) throws IOException {
    examples.assertUnchanged(example);
  }

  @ParameterizedTest
  @MethodSource("earlier")
  void everyExampleOfAnEarlierVersionIsStillReadable(Path example) throws IOException {
    examples.assertStillReadable(example);
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void everyInvalidExampleIsRefusedForItsFault(Path example) throws IOException {
    examples.assertRefused(example);
  }

  @ParameterizedTest
  @MethodSource("valid")
  void withoutAnyOneOfItsFieldsAValueIsNotValid(Path example) throws IOException {
    examples.assertFieldsRequiredAsStated(example);
  }

  @ParameterizedTest
  @MethodSource("valid")
  void theReaderEnforcesEveryBoundThatTheSchemaStates(Path example) throws IOException {
    examples.assertBoundsEnforced(example, 10);
  }

  @Test
  void aRecordOfAnEarlierVersionIsOfTheFirstTopicAndHasNoRefunds() throws IOException {
    byte[] earlier = Files.readAllBytes(EXAMPLES.resolve("earlier/block-rate.v1-client.json"));

    AuditRow row = (AuditRow) reader.blockRate(earlier);
    assertThat(row.topic()).isEqualTo(Topics.DECISIONS);
    assertThat(row.dimensions().text(Dimension.REGION)).isEmpty();
    assertThat(row.dimensions().part()).isZero();
    assertThat(row.figures().get(Figure.REFUND_COUNT)).isZero();
    assertThat(row.figures().get(Figure.FIRST_BLOCKED_US)).isEqualTo(Figures.NONE);
    assertThat(reader.blockRate(rewrite("block-rate.v1", earlier))).isEqualTo(row);
  }

  private byte[] rewrite(String type, byte[] value) {
    return type.equals("series-report.v1")
        ? writer.series(reader.series(value))
        : writer.value(reader.blockRate(value));
  }
}
