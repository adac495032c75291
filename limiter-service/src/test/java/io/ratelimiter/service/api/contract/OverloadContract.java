package io.ratelimiter.service.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The service with too many callers. */
public interface OverloadContract extends EdgeContract {

  int CONNECTIONS = 1_500;

  String BATCH = "{\"checks\":[{\"client_id\":\"batch\"}]}";

  @Test
  default void
      thousands_of_idle_slow_and_huge_callers_leave_healthy_ones_answered_and_the_heap_bounded()
          throws IOException {
    List<RawCaller> callers = new ArrayList<>();
    try {
      http().check("{\"client_id\":\"healthy\"}");
      long before = usedHeap();
      for (int i = 0; i < CONNECTIONS; i++) {
        RawCaller caller = new RawCaller(edge().url());
        callers.add(caller);
        caller.send(opening(i % 3));
      }
      long statuses =
          IntStream.range(0, 300)
              .filter(i -> http().check("{\"client_id\":\"h-%d\"}".formatted(i)).status() == 200)
              .count();
      assertThat(statuses).isEqualTo(300);
      // Mostly buffers of incomplete requests, and the callers of this test.
      assertThat((usedHeap() - before) / CONNECTIONS).isLessThan(96 * 1024);
    } finally {
      for (RawCaller caller : callers) {
        caller.close();
      }
    }
  }

  @Test
  default void largeBodiesThatAreNeverCompletedAreEvictedForOthers() throws IOException {
    String begun =
        "POST /v1/check/batch HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            + "Content-Length: 262144\r\n\r\n"
            + " ".repeat(250_000);
    List<RawCaller> callers = new ArrayList<>();
    try (Edge patient = edge().like(Map.of("front-door.body-timeout", "60s"))) {
      for (int i = 0; i < 80; i++) {
        callers.add(new RawCaller(patient.url()).send(begun));
      }
      for (int i = 0; i < 10; i++) {
        Awaitility.await().atMost(HostileInput.LIMIT).until(() -> large(patient).status() == 200);
        assertThat(patient.http().post("/v1/check/batch", BATCH).status()).isEqualTo(200);
        assertThat(patient.http().check("{\"client_id\":\"small\"}").status()).isEqualTo(200);
      }
      // Large requests that came before the bodies were read found room without an eviction.
      Awaitility.await()
          .atMost(HostileInput.LIMIT)
          .until(() -> {
            callers.add(new RawCaller(patient.url()).send(begun));
            return anyAnswered(callers);
          });
      List<String> answers = new ArrayList<>();
      for (RawCaller caller : callers) {
        answers.add(caller.answered() ? caller.readToEnd(HostileInput.LIMIT) : "");
      }
      assertThat(answers)
          .anySatisfy(
              answer -> assertThat(answer).startsWith("HTTP/1.1 503 ").contains("Retry-After: 1"));
    } finally {
      for (RawCaller caller : callers) {
        caller.close();
      }
    }
  }

  private static boolean anyAnswered(List<RawCaller> callers) throws IOException {
    for (RawCaller caller : callers) {
      if (caller.answered()) {
        return true;
      }
    }
    return false;
  }

  private static Reply large(Edge edge) {
    return edge.http().post("/v1/check/batch", BATCH + " ".repeat(200_000));
  }

  private static String opening(int kind) {
    String head = "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    return switch (kind) {
      case 0 -> "POST /v1/check HTTP/1.1\r\nHo";
      case 1 -> head + "Content-Length: 100\r\n\r\n{\"client_id\":";
      default -> head + "Content-Length: 1000000000\r\n\r\n" + " ".repeat(1_000);
    };
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
