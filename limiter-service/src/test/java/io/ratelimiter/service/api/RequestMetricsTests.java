package io.ratelimiter.service.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestMetricsTests {

  @Test
  void theCountersOfChecksExistBeforeTheFirstRequest() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    var _ = new RequestMetrics(registry, new EndpointList(List.of()));

    assertThat(registry.find("ratelimiter.http.requests").tag("endpoint", "check").counters())
        .extracting(counter -> counter.getId().getTag("status"))
        .containsExactlyInAnyOrder("200", "400", "429", "503");
  }
}
