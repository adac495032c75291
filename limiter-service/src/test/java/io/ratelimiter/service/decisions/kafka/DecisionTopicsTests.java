package io.ratelimiter.service.decisions.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.topics.TopicSpec;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecisionTopicsTests {

  private final DecisionTopics topics =
      new DecisionTopics(TopicSpec::partitions, new TopicSpec("new", 2, Map.of()));

  @Test
  void anEarlierTopicIsCreatedForTheEpochWithTheMaxNumberOfPartitions() {
    topics.need("old", 2);
    topics.need("old", 5);
    topics.need("old", 3);
    topics.check();

    assertThat(topics.partitions("old")).isEqualTo(5);
  }
}
