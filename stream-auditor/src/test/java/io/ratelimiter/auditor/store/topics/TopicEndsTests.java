package io.ratelimiter.auditor.store.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.store.topics.TopicEnds.Range;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicEndsTests {

  private static final TopicEnds ENDS =
      new TopicEnds(Map.of(0, new Range(100, 110), 1, new Range(0, 5)));

  @Test
  void recordsFromTheOffsetsOnAreCounted() {
    assertThat(ENDS.from(Map.of(0, 110L, 1, 5L))).isZero();
    assertThat(ENDS.from(Map.of(0, 109L, 1, 5L))).isEqualTo(1);
    assertThat(ENDS.from(Map.of(0, 110L))).isEqualTo(5);
  }

  @Test
  void deletedRecordsAreNotAwaited() {
    assertThat(ENDS.from(Map.of(0, 40L, 1, 5L))).isEqualTo(10);
    assertThat(new TopicEnds(Map.of()).from(Map.of())).isZero();
  }

  @Test
  void aTopicThatWasCreatedAgainIsNotCounted() {
    assertThat(ENDS.from(Map.of(0, 110L, 1, 900L))).isEqualTo(5);
  }
}
