package io.ratelimiter.service.limiter.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.rules.Algorithm;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UntouchedQueueTests {

  private static final long SEED = 20_261_130L;

  private final Random random = new Random(SEED);
  private final UntouchedQueue queue = new UntouchedQueue();
  private final List<HeldAccount> inside = new ArrayList<>();

  @Test
  void theHeadIsAlwaysTheAccountThatIsUntouchedFirst() {
    for (int step = 0; step < 20_000; step++) {
      change(random.nextInt(5));
      long earliest =
          inside.stream().mapToLong(held -> held.untouchedAtMicros).min().orElse(Long.MAX_VALUE);
      HeldAccount first = queue.first();
      assertThat(first == null ? Long.MAX_VALUE : first.untouchedAtMicros)
          .as("seed %d, step %d", SEED, step)
          .isEqualTo(earliest);
      assertThat(queue.size()).isEqualTo(inside.size());
    }
  }

  private void change(int kind) {
    if (inside.isEmpty() || (kind < 2 && inside.size() < 200)) {
      HeldAccount added = held();
      queue.add(added);
      inside.add(added);
      assertThat(added.kept()).isTrue();
    } else if (kind < 4) {
      HeldAccount moved = inside.get(random.nextInt(inside.size()));
      moved.untouchedAtMicros = random.nextInt(1_000);
      queue.moved(moved);
    } else {
      HeldAccount removed = inside.remove(random.nextInt(inside.size()));
      queue.remove(removed);
      assertThat(removed.kept()).isFalse();
    }
  }

  private HeldAccount held() {
    HeldAccount held =
        new HeldAccount(
            new KeyHash.Hash(1, random.nextLong()),
            Account.of(Rules.policy(Algorithm.TOKEN_BUCKET, 1, 1)));
    held.untouchedAtMicros = random.nextInt(1_000);
    return held;
  }
}
