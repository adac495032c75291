package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.endtoend.Caller.Answer;
import io.ratelimiter.endtoend.Topic.Published;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The product leaves no process or port behind, and loses no decision on Ctrl-C. */
@Tag("full")
class ProductStopIT {

  @TempDir Path folder;

  @Test
  void ctrlCLeavesNothingBehindAndLosesNoDecision() {
    try (Product product = Product.in(folder).start()) {
      Caller caller = new Caller(product.port("PORT"));
      List<String> answered =
          IntStream.range(0, 500)
              .mapToObj(i -> caller.check("client-" + i % 10))
              .map(Answer::body)
              .map(body -> body.get("decision_id").stringValue())
              .toList();
      List<ProcessHandle> processes = product.processes();

      product.interrupt();

      assertNothingIsLeft(product, processes);
      product.start();
      assertThat(new Topic(product.port("LOCAL_KAFKA_PORT")).decisions(_ -> true))
          .extracting((Published published) -> published.event().decisionId())
          .containsExactlyInAnyOrderElementsOf(answered);
      List<ProcessHandle> again = product.processes();

      product.kill();

      assertNothingIsLeft(product, again);
    }
  }

  private static void assertNothingIsLeft(Product product, List<ProcessHandle> processes) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(processes).filteredOn(ProcessHandle::isAlive).isEmpty());
    assertThat(product.ports()).allMatch(ProductStopIT::isFree);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
