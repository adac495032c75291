package io.ratelimiter.service.limiter.resilience;

import io.ratelimiter.service.ImageHeap;
import org.junit.jupiter.api.Test;

/** The cached blocks at the image's heap. */
class CachedBlocksHeapIT {

  @Test
  void blocksOfFortyLimitsAndLongIdsStayWithinTheirBound() {
    ImageHeap.run(CachedBlocksFlood.class);
  }
}
