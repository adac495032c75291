package io.ratelimiter.auditor.completeness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GapsTests {

  @Test
  void fillingTheMiddleOfARangeSplitsIt() {
    Gaps gaps = Gaps.NONE.and(5, 9, 100, 200).fill(0, 7, 150);

    assertThat(gaps.ranges()).isEqualTo(2);
    assertThat(gaps.countIn(0, 100)).isEqualTo(4);
    assertThat(gaps.rangeOf(7)).isEqualTo(-1);
    assertThat(gaps.before(gaps.rangeOf(6))).as("before the number that was filled").isEqualTo(150);
    assertThat(gaps.after(gaps.rangeOf(8))).as("after the number that was filled").isEqualTo(150);
  }

  @Test
  void aRangeThatTouchesTheHighestExtendsItWithinTheHour() {
    long hour = 3_600_000_000L;
    Gaps gaps = Gaps.NONE.and(5, 9, 1, 2).and(10, 12, 2, 3).and(13, 20, 3, hour + 1);

    assertThat(gaps.ranges()).isEqualTo(2);
    assertThat(gaps.last(0)).isEqualTo(12);
    assertThat(gaps.before(0)).isEqualTo(3);
    assertThat(gaps.first(1)).isEqualTo(13);
  }

  @Test
  void aValueOfAnotherVersionIsRefusedWithTheRemedy() {
    byte[] ofNoVersion = new byte[16];

    assertThatThrownBy(() -> Gaps.decode(ofNoVersion))
        .hasMessageContaining("raise AUDIT_GENERATION");
    assertThatThrownBy(() -> ReceivedSeries.decode(new byte[133]))
        .hasMessageContaining("raise AUDIT_GENERATION");
  }

  @Test
  void aCountIsCutAtBothEnds() {
    Gaps gaps = Gaps.NONE.and(5, 9, 1, 2).and(20, 29, 3, 4);

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
        gaps = gaps.and(first, last, i, i + 1);
        for (long number = first; number <= last; number++) {
          missing.add(number);
        }
        // The number after a gap is received, so that ranges do not touch.
        highest = last + 1;
      } else if (highest > 0) {
        long number = 1 + random.nextLong(highest);
        int range = gaps.rangeOf(number);
        assertThat(range >= 0)
            .as("seed %d, number %d", seed, number)
            .isEqualTo(missing.remove(number));
        gaps = range < 0 ? gaps : Gaps.decode(gaps.fill(range, number, i).encode());
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
