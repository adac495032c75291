package io.ratelimiter.service.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.api.LargeBodies.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LargeBodiesTests {

  private static final int LARGE = 256 * 1024;
  private static final int ROOM = 16 * 1024 * 1024 / (LARGE - LargeBodies.FREE_BYTES);

  private long nowNanos;
  private final List<String> shed = new ArrayList<>();
  private final LargeBodies bodies = new LargeBodies(() -> nowNanos);

  private Share share(String name) {
    return bodies.share(() -> shed.add(name));
  }

  @Test
  void bodies_find_room_until_16_mib_are_held_and_again_when_one_ends() {
    List<Share> held = new ArrayList<>();
    for (int i = 0; i < ROOM; i++) {
      held.add(share("held"));
      assertThat(held.getLast().grow(LARGE)).isTrue();
    }
    assertThat(share("late").grow(LARGE)).isFalse();

    held.getFirst().end();
    assertThat(share("next").grow(LARGE)).isTrue();
    assertThat(share("late").grow(LARGE)).isFalse();
    assertThat(shed).isEmpty();
  }

  @Test
  void a_body_takes_the_room_of_the_oldest_once_that_has_had_its_second() {
    for (int i = 0; i < ROOM; i++) {
      assertThat(share("body-" + i).grow(LARGE)).isTrue();
      nowNanos++;
    }
    nowNanos += Duration.ofSeconds(1).toNanos();
    assertThat(share("healthy").grow(LARGE)).isTrue();
    assertThat(share("healthy").grow(LARGE)).isTrue();
    assertThat(shed).containsExactly("body-0", "body-1");
  }

  @Test
  void a_body_never_takes_its_own_room() {
    Share only = share("only");
    for (int i = 0; i < ROOM - 1; i++) {
      share("other").grow(LARGE);
    }
    assertThat(only.grow(LARGE)).isTrue();
    nowNanos += Duration.ofSeconds(2).toNanos();
    assertThat(only.grow(2 * LARGE)).isTrue();
    assertThat(shed).isNotEmpty().doesNotContain("only");
  }

  @Test
  void a_body_that_was_shed_gives_nothing_back_twice() {
    Share first = share("first");
    assertThat(first.grow(LARGE)).isTrue();
    for (int i = 0; i < ROOM - 1; i++) {
      share("other").grow(LARGE);
    }
    nowNanos += Duration.ofSeconds(2).toNanos();
    Share second = share("second");
    assertThat(second.grow(LARGE)).isTrue();
    assertThat(shed).containsExactly("first");
    first.end();
    first.end();
    second.end();
    assertThat(share("next").grow(LARGE)).isTrue();
    assertThat(shed).containsExactly("first");
  }

  @Test
  void what_grows_in_steps_gives_back_what_it_took() {
    for (int i = 0; i < 1_000; i++) {
      Share share = share("step");
      for (int size = LargeBodies.FREE_BYTES + 2_048; size < LARGE; size += 2_048) {
        assertThat(share.grow(size)).isTrue();
      }
      share.end();
    }
    assertThat(shed).isEmpty();
  }
}
