package io.ratelimiter.service.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.api.BodyBudget.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyBudgetTests {

  private static final int LARGE = 256 * 1024;
  private static final int ROOM = 16 * 1024 * 1024 / (LARGE - BodyBudget.FREE_BYTES);

  private long nowNanos;
  private final List<String> evicted = new ArrayList<>();
  private final BodyBudget bodies = new BodyBudget(() -> nowNanos);

  private Share share(String name) {
    return bodies.share(() -> evicted.add(name));
  }

  @Test
  void bodiesGrowUntil16MibAreHeldAndAgainWhenOneEnds() {
    List<Share> held = new ArrayList<>();
    for (int i = 0; i < ROOM; i++) {
      held.add(share("held"));
      assertThat(held.getLast().grow(LARGE)).isTrue();
    }
    assertThat(share("late").grow(LARGE)).isFalse();

    held.getFirst().end();
    assertThat(share("next").grow(LARGE)).isTrue();
    assertThat(share("late").grow(LARGE)).isFalse();
    assertThat(evicted).isEmpty();
  }

  @Test
  void aBodyEvictsTheOldestThatAreOlderThanASecond() {
    for (int i = 0; i < ROOM; i++) {
      assertThat(share("body-" + i).grow(LARGE)).isTrue();
      nowNanos++;
    }
    nowNanos += Duration.ofSeconds(1).toNanos();
    assertThat(share("healthy").grow(LARGE)).isTrue();
    assertThat(share("healthy").grow(LARGE)).isTrue();
    assertThat(evicted).containsExactly("body-0", "body-1");
  }

  @Test
  void aBodyNeverEvictsItself() {
    Share only = share("only");
    for (int i = 0; i < ROOM - 1; i++) {
      share("other").grow(LARGE);
    }
    assertThat(only.grow(LARGE)).isTrue();
    nowNanos += Duration.ofSeconds(2).toNanos();
    assertThat(only.grow(2 * LARGE)).isTrue();
    assertThat(evicted).isNotEmpty().doesNotContain("only");
  }

  @Test
  void anEvictedBodyReturnsItsShareOnce() {
    Share first = share("first");
    assertThat(first.grow(LARGE)).isTrue();
    for (int i = 0; i < ROOM - 1; i++) {
      share("other").grow(LARGE);
    }
    nowNanos += Duration.ofSeconds(2).toNanos();
    Share second = share("second");
    assertThat(second.grow(LARGE)).isTrue();
    assertThat(evicted).containsExactly("first");
    first.end();
    first.end();
    second.end();
    assertThat(share("next").grow(LARGE)).isTrue();
    assertThat(evicted).containsExactly("first");
  }

  @Test
  void aBodyThatGrewInStepsReturnsItsWholeShare() {
    for (int i = 0; i < 1_000; i++) {
      Share share = share("step");
      for (int size = BodyBudget.FREE_BYTES + 2_048; size < LARGE; size += 2_048) {
        assertThat(share.grow(size)).isTrue();
      }
      share.end();
    }
    assertThat(evicted).isEmpty();
  }
}
