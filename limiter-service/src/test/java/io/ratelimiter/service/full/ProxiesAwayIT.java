package io.ratelimiter.service.full;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.Ports;
import io.ratelimiter.service.ServiceUnderTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The shipped proxy recipes with a limiter that is unavailable or fails closed. */
@Tag("full")
class ProxiesAwayIT {

  @TempDir private Path folder;

  private Application application;

  @BeforeEach
  void startApplication() throws IOException {
    application = new Application();
  }

  @AfterEach
  void stopApplication() {
    application.close();
  }

  @ParameterizedTest
  @EnumSource
  void withAnUnreachableLimiterAllRequestsAreRefusedOrPassed(Proxy proxy) throws Exception {
    assertClosed(proxy, Ports.free());
    assertOpen(proxy, Ports.free());
  }

  @ParameterizedTest
  @EnumSource
  void withASilentLimiterAllRequestsAreRefusedOrPassed(Proxy proxy) throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      assertClosed(proxy, silent.getLocalPort());
      assertOpen(proxy, silent.getLocalPort());
    }
  }

  private void assertClosed(Proxy proxy, int limiterPort) throws Exception {
    try (ProxyProcess running = proxy.start(folder, limiterPort, application, false)) {
      RawAnswer answer = running.get("/orders");
      if (proxy == Proxy.TRAEFIK) {
        assertThat(answer.status()).as(answer.text()).isIn(502, 503, 504);
      } else {
        assertThat(answer.status()).as(answer.text()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("1");
      }
      assertThat(application.takeRequests()).isEmpty();
    }
  }

  private void assertOpen(Proxy proxy, int limiterPort) throws Exception {
    try (ProxyProcess running = proxy.start(folder, limiterPort, application, true)) {
      if (proxy == Proxy.TRAEFIK) {
        // Waits for its health check to fail.
        Awaitility.await().until(() -> running.get("/").status() == 200);
      }
      application.takeRequests();
      RawAnswer answer = ProxyProcess.send(running.url(), "POST", "/orders", "an order");
      assertThat(answer.text()).startsWith("HTTP/1.1 200 ").endsWith("the page an order");
      assertThat(application.takeRequests()).containsExactly("POST /orders");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFailClosedAnswerIsPassedOnWithRetryAfter(Proxy proxy) throws Exception {
    Map<String, String> withoutStore =
        Map.of(
            "REDIS_PORT", Integer.toString(Ports.free()),
            "REDIS_TIMEOUT_MS", "50",
            "FAIL_MODE", "closed");
    try (ServiceUnderTest limiter = new ServiceUnderTest(withoutStore)) {
      for (boolean open : new boolean[] {false, true}) {
        // Envoy treats an answer of 500 or above as an unavailable limiter.
        assertPassedOn(proxy, limiter, open, open && proxy == Proxy.ENVOY);
      }
    }
  }

  private void assertPassedOn(
      Proxy proxy, ServiceUnderTest limiter, boolean open, boolean takenForAway) throws Exception {
    try (ProxyProcess running = proxy.start(folder, limiter.url().getPort(), application, open)) {
      application.takeRequests();
      RawAnswer answer = running.get("/orders");
      assertThat(answer.status()).as(answer.text()).isEqualTo(takenForAway ? 200 : 503);
      assertThat(application.takeRequests()).hasSize(takenForAway ? 1 : 0);
      assertThat(answer.header("Retry-After")).isEqualTo(takenForAway ? null : "1");
    }
  }
}
