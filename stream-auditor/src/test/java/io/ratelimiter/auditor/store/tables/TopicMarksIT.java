package io.ratelimiter.auditor.store.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.store.topics.TopicMarks;
import io.ratelimiter.schemas.audit.Watermark;
import io.ratelimiter.schemas.topics.Topics;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is final and how old the figures are, with several decisions topics. */
class TopicMarksIT extends NewTables {

  private static final String OTHER = "decisions-of-5";
  private static final long MINUTE = TablesFixture.MINUTE;

  private TopicMarks marks;

  @BeforeEach
  void createMarks() {
    marks = new TopicMarks(tables.database());
  }

  @Test
  void aTopicThatIsReadHoldsBackWhatIsFinalUntilItIsCounted() throws SQLException {
    marks.register(List.of(OTHER, Topics.DECISIONS));
    write(Topics.DECISIONS, 0, MINUTE);
    write(Topics.DECISIONS, 1, MINUTE + 60);
    assertThat(closedBefore()).isEqualTo("null");

    write(OTHER, 0, MINUTE + 600);
    write(OTHER, 1, MINUTE + 600);
    assertThat(closedBefore()).isEqualTo(String.valueOf(MINUTE));
    assertThat(sql.one("SELECT partitions_seen, partitions FROM audit.freshness")).isEqualTo("4|4");
  }

  @Test
  void anEarlierTopicThatIsCountedDoesNotHoldItBack() throws SQLException {
    marks.register(List.of(OTHER, Topics.DECISIONS));
    write(OTHER, 0, MINUTE + 600);
    write(OTHER, 1, MINUTE + 600);
    write(Topics.DECISIONS, 0, MINUTE);
    marks.mark(
        Topics.DECISIONS, Instant.ofEpochSecond(MINUTE + 400), Instant.ofEpochSecond(MINUTE + 359));

    assertThat(closedBefore()).isEqualTo(String.valueOf(MINUTE + 300));
    assertThat(sql.one("SELECT extract(epoch FROM as_of)::bigint FROM audit.freshness"))
        .isEqualTo(String.valueOf(MINUTE + 400));

    marks.mark(
        Topics.DECISIONS, Instant.ofEpochSecond(MINUTE), Instant.ofEpochSecond(MINUTE - 600));
    assertThat(closedBefore()).isEqualTo(String.valueOf(MINUTE + 300));
  }

  @Test
  void offsetsAreThoseOfTopicsThatAreOrWereRead() throws SQLException {
    assertThat(marks.nextOffsets()).isEmpty();
    marks.register(List.of(OTHER));
    marks.register(List.of(OTHER));
    write(Topics.DECISIONS, 1, MINUTE);

    assertThat(marks.nextOffsets())
        .isEqualTo(Map.of(OTHER, Map.of(), Topics.DECISIONS, Map.of(1, 7L)));
    assertThat(sql.one("SELECT name, topic FROM audit.topics ORDER BY topic"))
        .isEqualTo(Topics.DECISIONS + "|1\n" + OTHER + "|2");
  }

  private String closedBefore() {
    return sql.one("SELECT extract(epoch FROM audit.closed_before())::bigint");
  }

  private void write(String topic, int partition, long closedBefore) throws SQLException {
    tables.write(
        new Watermark(topic, partition, 1, 1, 2, closedBefore * 1_000, closedBefore, 0, 7));
  }
}
