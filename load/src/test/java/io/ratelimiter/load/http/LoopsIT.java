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

/** Both loops against a server that counts what it is asked. */
class LoopsIT {

  private static final byte[] ALLOWED = "{\"allowed\":true}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] BLOCKED = "{\"allowed\":false}".getBytes(StandardCharsets.UTF_8);

  private final AtomicLong asked = new AtomicLong();
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
          byte[] answer = asked.incrementAndGet() % 2 == 0 ? ALLOWED : BLOCKED;
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
  void theClosedLoopCountsExactlyWhatWasAnswered() {
    Saturation load = ClosedLoop.run(target(), Duration.ofMillis(300));

    assertThat(load.measured().answered())
        .isEqualTo(asked.get())
        .isEqualTo(load.measured().sent())
        .isPositive();
    assertThat(load.allowed()).isEqualTo(asked.get() / 2);
    assertThat(load.measured().failed()).isZero();
    assertThat(load.measured().micros().getTotalCount()).isEqualTo(asked.get());
    assertThat(bodies).hasSize((int) asked.get());
  }

  @Test
  void theOpenLoopSendsWhatIsDueAndCountsExactlyWhatWasAnswered() {
    Measured load = OpenLoop.run(target(), 500, Duration.ofSeconds(1), answer -> {});

    assertThat(load.sent()).isBetween(490L, 510L);
    assertThat(load.answered()).isEqualTo(asked.get()).isEqualTo(load.sent());
    assertThat(bodies).hasSize((int) asked.get());
  }

  private OpenLoop.Target target() {
    return new OpenLoop.Target(
        server.getAddress().getPort(), 8, CheckRequests.of(Clients.distinct()));
  }
}
