package io.ratelimiter.service.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Eviction;
import io.ratelimiter.service.limiter.Eviction.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InfoTextTests {

  @Test
  void aBoundWithAPolicyThatEvictsIsReportedAsEvicting() {
    assertThat(
            InfoText.eviction(
                "# Memory\r\nmaxmemory:104857600\r\nmaxmemory_human:100.00M\r\n"
                    + "maxmemory_policy:volatile-ttl\r\n# Stats\r\nevicted_keys:7\r\n"))
        .isEqualTo(new Eviction(State.EVICTING, "volatile-ttl", 7, null));
  }

  @Test
  void withoutABoundOrWithNoevictionNothingIsEvicted() {
    assertThat(InfoText.eviction("maxmemory:0\r\nmaxmemory_policy:allkeys-lru\r\n"))
        .isEqualTo(new Eviction(State.NONE, "allkeys-lru", 0, null));
    assertThat(InfoText.eviction("maxmemory:5\nmaxmemory_policy:noeviction\n").state())
        .isEqualTo(State.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "maxmemory:5\r\n",
        "maxmemory_policy:allkeys-lru\r\n",
        "maxmemory:99999999999999999999999\r\nmaxmemory_policy:allkeys-lru\r\n",
        "maxmemory:5\r\nmaxmemory_policy:<script>\r\n"
      })
  void missingFieldsAreUnknown(String text) {
    assertThat(InfoText.eviction(text).state()).isEqualTo(State.UNKNOWN);
  }
}
