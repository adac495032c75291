package io.ratelimiter.service.api.eventloop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

class LeakWatchTests {

  @Test
  void aBufferThatIsNotReleasedIsReported() {
    try (LeakWatch watch = new LeakWatch()) {
      ByteBufAllocator.DEFAULT.buffer().release();
      assertThat(watch.leaks()).isEmpty();

      lose();
      assertThat(watch.leaks()).singleElement().asString().contains("LEAK");
    }
  }

  private static void lose() {
    ByteBufAllocator.DEFAULT.buffer().writeByte(1);
  }
}
