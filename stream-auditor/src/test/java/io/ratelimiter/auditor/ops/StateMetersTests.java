package io.ratelimiter.auditor.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StateMetersTests {

  @Test
  void beforeTheFirstCommitItsAgeIsNotZero() {
    assertThat(StateMeters.seconds(new CommitAge(Map::of))).isNaN();
  }
}
