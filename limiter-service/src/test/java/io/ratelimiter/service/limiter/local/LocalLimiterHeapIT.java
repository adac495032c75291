package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.ImageHeap;
import io.ratelimiter.service.rules.Algorithm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fail mode local at the image's heap: within its bound, and no client gets more than its limit.
 */
class LocalLimiterHeapIT {

  @ParameterizedTest
  @EnumSource
  void moreLongIdsThanFit(Algorithm algorithm) {
    ImageHeap.run(LocalLimiterFlood.class, "ids", algorithm.name());
  }

  @Test
  void clientsThatSendANewLimitKeyWithEachCheck() {
    ImageHeap.run(LocalLimiterFlood.class, "keys");
  }

  @Test
  void moreExactLogsOfTenThousandEntriesThanFit() {
    ImageHeap.run(LocalLimiterFlood.class, "logs");
  }
}
