package io.ratelimiter.service.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActiveClientsTests {

  private final AtomicLong nanos = new AtomicLong();
  private final ActiveClients clients = new ActiveClients(nanos::get);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 1_000, 20_000, 300_000})
  void distinctClientsAreEstimatedWithin4StandardErrors(int count) {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < count; i++) {
        clients.seen("default", "client-" + i);
      }
    }
    assertThat(clients.estimate()).isCloseTo(count, within(count * 4 * 0.01625 + 0.5));
  }

  @Test
  void tenantAndClientAreDistinguished() {
    clients.seen("ab", "c");
    clients.seen("a", "bc");
    assertThat(clients.estimate()).isCloseTo(2, within(0.1));
  }

  @Test
  void aClientWithoutACheckFor70SecondsIsNoLongerCounted() {
    clients.seen("default", "a");
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(59));
    assertThat(clients.estimate()).isCloseTo(1, within(0.1));
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(11));
    assertThat(clients.estimate()).isZero();
    clients.seen("default", "b");
    assertThat(clients.estimate()).isCloseTo(1, within(0.1));
  }
}
