package io.ratelimiter.service.decisions.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettledNumbersTests {

  private static final long SEED = 7;

  @Test
  void numbersInOrderNeedNoMemory() {
    SettledNumbers settled = new SettledNumbers();
    for (long seq = 1; seq <= 1_000; seq++) {
      settled.settle(seq, seq % 10 == 0);
    }
    assertThat(settled.upTo()).isEqualTo(1_000);
    assertThat(settled.neverSent()).isEqualTo(100);
    assertThat(settled.runs()).isZero();
  }

  @Test
  void aNumberInFlightHoldsBackAllLaterOnesAndTheirDrops() {
    SettledNumbers settled = new SettledNumbers();
    settled.settle(1, false);
    settled.settle(3, true);
    settled.settle(4, true);
    assertThat(settled.upTo()).isEqualTo(1);
    assertThat(settled.neverSent()).isZero();

    settled.settle(2, false);
    assertThat(settled.upTo()).isEqualTo(4);
    assertThat(settled.neverSent()).isEqualTo(2);
  }

  @Test
  void aLongOutageIsOneRun() {
    SettledNumbers settled = new SettledNumbers();
    for (long seq = 2; seq <= 1_000_000; seq++) {
      settled.settle(seq, true);
    }
    assertThat(settled.runs()).isEqualTo(1);
  }

  @Test
  void aNumberIsSettledOnce() {
    SettledNumbers settled = new SettledNumbers();
    settled.settle(1, false);
    settled.settle(3, false);
    settled.settle(4, false);

    assertThatThrownBy(() -> settled.settle(1, false)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> settled.settle(4, false)).hasMessage("number 4 is settled twice");
  }

  @Test
  void inAnyOrderItAgreesWithASet() {
    Random random = new Random(SEED);
    for (int round = 0; round < 200; round++) {
      List<Long> order = new ArrayList<>();
      for (long seq = 1; seq <= 60; seq++) {
        order.add(seq);
      }
      Collections.shuffle(order, random);
      SettledNumbers settled = new SettledNumbers();
      Set<Long> seen = new HashSet<>();
      for (long seq : order) {
        settled.settle(seq, seq % 3 == 0);
        seen.add(seq);
        long upTo = 0;
        while (seen.contains(upTo + 1)) {
          upTo++;
        }
        assertThat(settled.upTo()).as("seed %d round %d", SEED, round).isEqualTo(upTo);
        assertThat(settled.neverSent()).isEqualTo(upTo / 3);
      }
    }
  }
}
