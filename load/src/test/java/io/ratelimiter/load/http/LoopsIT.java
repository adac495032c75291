package io.ratelimiter.load.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both loops against a server that counts requests. */
class LoopsIT {

  private static final byte[] ALLOWED = "{\"allowed\":true}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] BLOCKED = "{\"allowed\":false}".getBytes(StandardCharsets.UTF_8);

  private final AtomicLong requests = new AtomicLong();
  private final Set<String> bodies = ConcurrentHashMap.newKeySet();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.createContext(
        "/v1/check",
        exchange -> {
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] answer = requests.incrementAndGet() % 2 == 0 ? ALLOWED : BLOCKED;
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void theClosedLoopCountsAnswersExactly() {
    Saturation load = ClosedLoop.run(load(), Duration.ofMillis(300));

    assertThat(load.measured().answered())
        .isEqualTo(requests.get())
        .isEqualTo(load.measured().sent())
        .isPositive();
    assertThat(load.allowed()).isEqualTo(requests.get() / 2);
    assertThat(load.measured().failed()).isZero();
    assertThat(load.measured().micros().getTotalCount()).isEqualTo(requests.get());
    assertThat(bodies).hasSize((int) requests.get());
  }

  @Test
  void theOpenLoopSendsAtItsRateAndCountsAnswersExactly() {
    Measured load = OpenLoop.run(load(), 500, Duration.ofSeconds(1), answer -> {});

    assertThat(load.sent()).isBetween(490L, 510L);
    assertThat(load.answered()).isEqualTo(requests.get()).isEqualTo(load.sent());
    assertThat(bodies).hasSize((int) requests.get());
  }

  private OpenLoop.Load load() {
    return new OpenLoop.Load(
        server.getAddress().getPort(), 8, CheckRequests.of(Clients.distinct()));
  }
}
