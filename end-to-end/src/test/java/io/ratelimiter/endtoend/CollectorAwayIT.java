package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.endtoend.Caller.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tracing is on, but no collector answers. */
@Tag("faults")
class CollectorAwayIT {

  @TempDir private Path folder;

  @Test
  void everyCheckIsAnsweredAndEachServiceWarnsOnce() throws IOException {
    AtomicInteger attempts = new AtomicInteger();
    try (ServerSocket away = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> hangUp(away, attempts));
      try (Product product =
          Product.in(folder)
              .withArguments("--trace")
              .with("JAEGER_PORT", Integer.toString(away.getLocalPort()))
              .with("OTEL_BSP_SCHEDULE_DELAY", "500")
              .start()) {
        Caller caller = new Caller(product.port("PORT"));
        int before = attempts.get();
        List<Answer> answers =
            IntStream.range(0, 2_000).mapToObj(i -> caller.check("client-" + i % 50)).toList();
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> {
              caller.check("client-1");
              return attempts.get() >= before + 10;
            });

        assertThat(answers).extracting(Answer::status).containsOnly(200);
        assertThat(answers)
            .extracting(one -> one.body().get("source").stringValue())
            .containsOnly("redis");
        for (String service : List.of("limiter-service", "stream-auditor")) {
          assertThat(product.log(service).lines())
              .as(service)
              .filteredOn(line -> line.contains("Failed to export"))
              .hasSize(1);
        }
      }
    }
  }

  /** Accepts every connection and closes it. */
  private static void hangUp(ServerSocket server, AtomicInteger attempts) {
    while (!server.isClosed()) {
      try {
        server.accept().close();
        attempts.incrementAndGet();
      } catch (IOException e) {
        // Closed: the test is over.
        return;
      }
    }
  }
}
