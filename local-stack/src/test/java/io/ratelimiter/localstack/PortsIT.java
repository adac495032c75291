package io.ratelimiter.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PortsIT {

  /** Of 300 draws from 12 000 numbers, some would all but certainly be the same. */
  @Test
  void noPortIsGivenTwiceNorNextToAnother() {
    List<Integer> ports = Stream.generate(Ports::free).limit(300).sorted().toList();

    for (int i = 1; i < ports.size(); i++) {
      assertThat(ports.get(i) - ports.get(i - 1)).isGreaterThan(2);
    }
  }
}
