package io.ratelimiter.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PortsIT {

  /** Without the check, 300 draws from 12 000 numbers would almost certainly repeat one. */
  @Test
  void noPortIsReturnedTwiceOrNextToAnother() {
    List<Integer> ports = Stream.generate(Ports::free).limit(300).sorted().toList();

    for (int i = 1; i < ports.size(); i++) {
      assertThat(ports.get(i) - ports.get(i - 1)).isGreaterThan(2);
    }
  }
}
