package io.ratelimiter.service.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** More callers than anybody would want. */
public interface OverloadContract extends HasEdge {

  int CONNECTIONS = 1_500;

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
      // Mostly buffers of requests that have begun. The callers are in it too.
      assertThat((usedHeap() - before) / CONNECTIONS).isLessThan(96 * 1024);
    } finally {
      for (RawCaller caller : callers) {
        caller.close();
      }
    }
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
