package io.ratelimiter.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class RootCauseTests {

  @Test
  void theInnermostMessageIsInOneLine() {
    Exception fault = new IllegalStateException("outer", new IOException("no\n  answer\u0000"));

    assertThat(RootCause.message(fault)).isEqualTo("no answer");
    assertThat(RootCause.messageOf(fault)).isEqualTo("outer");
  }

  @Test
  void theClassStandsForAMissingOrBlankMessage() {
    assertThat(RootCause.message(new IOException())).isEqualTo("java.io.IOException");
    assertThat(RootCause.messageOf(new IOException(" "))).isEqualTo("java.io.IOException");
  }
}
