package io.ratelimiter.auditor.completeness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GapsTests {

  @Test
  void fillingTheMiddleOfARangeSplitsIt() {
    Gaps gaps = Gaps.NONE.and(5, 9).fill(7).orElseThrow();

    assertThat(gaps.ranges()).isEqualTo(2);
    assertThat(gaps.countIn(0, 100)).isEqualTo(4);
    assertThat(gaps.fill(7)).isEmpty();
  }

  @Test
  void aCountIsCutAtBothEnds() {
    Gaps gaps = Gaps.NONE.and(5, 9).and(20, 29);

    assertThat(gaps.countIn(6, 24)).isEqualTo(3 + 5);
    assertThat(gaps.countIn(9, 19)).isZero();
  }

  @Test
  void gapsAreThoseOfASetOfNumbersWhateverIsFilled() {
    long seed = 42;
    Random random = new Random(seed);
    Gaps gaps = Gaps.NONE;
    TreeSet<Long> missing = new TreeSet<>();
    long highest = 0;
    for (int i = 0; i < 20_000; i++) {
      if (random.nextInt(3) == 0) {
        long first = highest + 1 + random.nextInt(3);
        long last = first + random.nextInt(6);
        gaps = gaps.and(first, last);
        for (long number = first; number <= last; number++) {
          missing.add(number);
        }
        // The number after a gap is received, so that ranges do not touch.
        highest = last + 1;
      } else if (highest > 0) {
        long number = 1 + random.nextLong(highest);
        Optional<Gaps> filled = gaps.fill(number);
        assertThat(filled.isPresent())
            .as("seed %d, number %d", seed, number)
            .isEqualTo(missing.remove(number));
        gaps = Gaps.decode(filled.orElse(gaps).encode());
      }
      if (i % 500 == 0) {
        long from = random.nextLong(highest + 1);
        assertThat(gaps.countIn(from, highest))
            .as("seed %d, from %d", seed, from)
            .isEqualTo(missing.tailSet(from + 1).size());
      }
    }
  }
}
