package io.ratelimiter.service.api.eventloop;

import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.Edge;
import io.ratelimiter.service.api.contract.StoreAwayContract;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** What callers see while there is no store, on the event-loop edge. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventLoopStoreAwayIT implements StoreAwayContract {

  // Port 1 is reserved: nothing listens there.
  private final Edge edge =
      new Edge(ServiceUnderTest::checkUrl, Map.of("REDIS_PORT", "1", "CHECK_PORT", "any"));

  @AfterAll
  void stop() {
    edge.close();
  }

  @Override
  public Edge edge() {
    return edge;
  }
}
