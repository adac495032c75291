package io.ratelimiter.load.measure;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.ratelimiter.load.http.CheckRequests;
import io.ratelimiter.load.http.Clients;
import io.ratelimiter.load.http.OpenLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The verification of the measured checks, against a server that answers with two limits. */
class GrowthMeasureIT {

  private static final byte[] TWO_LIMITS =
      """
      {"allowed":true,"rule":"a","limits":[{"rule":"a","mode":"enforce"},{"rule":"b","mode":"shadow"}]}
      """
          .getBytes(StandardCharsets.UTF_8);

  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.createContext(
        "/v1/check",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, TWO_LIMITS.length);
          exchange.getResponseBody().write(TWO_LIMITS);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void checksWithTheNumberOfLimitsOfTheirPointAreMeasured() {
    assertThatCode(() -> GrowthMeasure.requireLimits(checks(), 2)).doesNotThrowAnyException();
  }

  @Test
  void checksWithAnotherNumberOfLimitsFailTheMeasure() {
    assertThatThrownBy(() -> GrowthMeasure.requireLimits(checks(), 4))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("checks of 4 limits have [2]");
  }

  private OpenLoop.Load checks() {
    return new OpenLoop.Load(server.getAddress().getPort(), 1, CheckRequests.of(Clients.one()));
  }
}
