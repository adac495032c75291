package io.ratelimiter.service.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LargeBodiesTests {

  private static final int LARGE = 256 * 1024;

  private final LargeBodies bodies = new LargeBodies();

  @Test
  void small_bodies_find_room_however_many_there_are() {
    for (int i = 0; i < 100_000; i++) {
      assertThat(bodies.grow(0, LargeBodies.FREE_BYTES)).isTrue();
    }
  }

  @Test
  void large_ones_find_room_until_16_mib_are_held_and_again_when_one_ends() {
    for (int held = 0; held < 16 * 1024 * 1024 / (LARGE - LargeBodies.FREE_BYTES); held++) {
      assertThat(bodies.grow(0, LARGE)).isTrue();
    }
    assertThat(bodies.grow(0, LARGE)).isFalse();
    assertThat(bodies.grow(0, LargeBodies.FREE_BYTES)).isTrue();

    bodies.end(LARGE);
    assertThat(bodies.grow(0, LARGE)).isTrue();
    assertThat(bodies.grow(0, LARGE)).isFalse();
  }

  @Test
  void what_grows_in_steps_gives_back_what_it_took() {
    for (int i = 0; i < 1_000; i++) {
      for (int size = 2_048; size < LARGE; size += 2_048) {
        assertThat(bodies.grow(size - 2_048, size)).isTrue();
      }
      bodies.end(LARGE - 2_048);
    }
  }
}
