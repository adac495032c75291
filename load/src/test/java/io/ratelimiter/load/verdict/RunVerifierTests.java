package io.ratelimiter.load.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.Counter;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.SeriesPosition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunVerifierTests {

  private static final long SECOND = 1_000_000;
  private static final long BEGIN = 1_795_516_257 * SECOND;

  private final RunVerifier verifier = new RunVerifier(true);
  private int ids;

  @Test
  void aRunWithDecisionsPublishedOnceAndWithinTheBucketIsClean() {
    for (int i = 0; i < 3; i++) {
      allow(BEGIN + i);
    }
    allow(BEGIN + SECOND);

    assertThat(verifier.verdict(4, 4)).isEqualTo(new Verdict(4, 4, 1, List.of()));
  }

  @Test
  void oneUnitBeyondTheBucketIsReported() {
    for (int i = 0; i < 4; i++) {
      allow(BEGIN + i);
    }

    assertThat(verifier.verdict(4, 4).clean()).isFalse();
  }

  @Test
  void theRefillIsCountedToTheMicrosecond() {
    for (int i = 0; i < 3; i++) {
      allow(BEGIN);
    }
    allow(BEGIN + SECOND - 1);

    assertThat(verifier.verdict(4, 4).clean()).isFalse();
  }

  @Test
  void theOrderOfDecisionsDoesNotMatter() {
    allow(BEGIN + 5 * SECOND);
    for (int i = 0; i < 3; i++) {
      allow(BEGIN);
    }

    assertThat(verifier.verdict(4, 4).clean()).isTrue();
  }

  @Test
  void aMissingDecisionIsReported() {
    allow(BEGIN);

    assertThat(verifier.verdict(2, 2).faults()).hasSize(2);
  }

  @Test
  void aDecisionPublishedTwiceIsReported() {
    allow(BEGIN);
    ids--;
    allow(BEGIN);

    assertThat(verifier.verdict(1, 1).clean()).isFalse();
  }

  @Test
  void anAnswerThatDiffersFromItsDecisionIsReported() {
    allow(BEGIN);

    assertThat(verifier.verdict(1, 0).clean()).isFalse();
  }

  @Test
  void aBucketThatBlocksAvailableUnitsIsReported() {
    for (int i = 0; i < 1_000; i++) {
      block(BEGIN + i * SECOND / 100);
    }

    assertThat(verifier.verdict(1_000, 0).clean()).isFalse();
  }

  @Test
  void aBucketThatGrantsAllItsUnitsIsClean() {
    int allowed = 0;
    for (int i = 0; i < 1_000; i++) {
      long at = BEGIN + i * SECOND / 100;
      if (i % 100 == 99) {
        allow(at);
        allowed++;
      } else {
        block(at);
      }
    }

    assertThat(verifier.verdict(1_000, allowed).clean()).isTrue();
  }

  @Test
  void aDegradedDecisionInAHealthyRunIsReported() {
    verifier.take(event(BEGIN, true, "none"));

    assertThat(verifier.verdict(1, 1).clean()).isFalse();
  }

  @Test
  void aCounterOfSeveralClientsIsVerifiedOverAllOfThem() {
    Counter total = new Counter(List.of(), List.of());
    for (int i = 0; i < 4; i++) {
      verifier.take(event(BEGIN + i, true, "redis", "client-" + i % 2, total));
    }

    assertThat(verifier.verdict(4, 4)).returns(1, Verdict::keys).returns(false, Verdict::clean);
  }

  private void allow(long at) {
    verifier.take(event(at, true, "redis"));
  }

  private void block(long at) {
    verifier.take(event(at, false, "redis"));
  }

  /** A decision on a bucket of 3 units, refilled by 1 unit per second. */
  private DecisionEvent event(long at, boolean allowed, String source) {
    return event(at, allowed, source, "client", null);
  }

  private DecisionEvent event(
      long at, boolean allowed, String source, String client, @Nullable Counter counter) {
    boolean degraded = !source.equals("redis");
    return new DecisionEvent(
        "id-" + ids++,
        new SeriesPosition("one", "a", 0, ids),
        "correlation",
        "default",
        client,
        "global",
        Map.of(),
        1,
        allowed,
        allowed ? null : "limit_exceeded",
        null,
        null,
        source,
        degraded,
        degraded ? "timeout" : null,
        at,
        1,
        List.of(
            new DecisionEvent.Limit(
                "rule",
                1,
                "default",
                "*",
                1,
                "token_bucket",
                60,
                3L,
                60,
                "enforce",
                false,
                counter,
                new DecisionEvent.Verdict(0, 0, allowed, at, false, allowed))));
  }
}
