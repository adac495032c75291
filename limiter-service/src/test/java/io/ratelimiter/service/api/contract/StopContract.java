package io.ratelimiter.service.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** An orderly stop under load. */
public interface StopContract {

  /** Starts a service with these variables, for the test to stop. */
  Edge start(Map<String, String> environment);

  @Test
  default void aStoppingServiceClosesConnectionsBeforeItsPortAndFailsNoRequest() {
    Edge edge = start(Map.of("DRAIN", "2s"));
    HttpCaller http = edge.http();
    assertThat(http.check("{\"client_id\":\"before\"}").header("Connection")).isNull();

    CompletableFuture<Void> stopped = CompletableFuture.runAsync(edge::close);
    Awaitility.await().until(() -> probe(edge).status() == 503);
    assertThat(probe(edge).json().get("status").asString()).isEqualTo("draining");

    AtomicInteger answered = new AtomicInteger();
    Throwable end = null;
    while (end == null) {
      try {
        Reply reply = http.check("{\"client_id\":\"during\"}");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Connection")).isEqualTo("close");
        answered.incrementAndGet();
      } catch (AssertionError e) {
        end = e.getCause() == null ? e : e.getCause();
      }
    }
    // The first call that fails could not connect, or waited in the kernel's queue when the port
    // closed: it was not read in either case, and no more decisions were published than answered.
    assertThat(end).isInstanceOf(IOException.class);
    assertThat(answered.get()).isGreaterThan(50);
    stopped.join();
    assertThat(edge.published().decisionsOf("during")).hasSize(answered.get());
  }

  @Test
  default void aStopDoesNotWaitForCallersThatWereCutOff() throws IOException {
    Edge edge = start(Map.of("front-door.body-timeout", "1s"));
    String head = "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    for (String rest :
        List.of(
            "Content-Length: 30\r\n\r\n{",
            "Content-Length: 3000000\r\n\r\n{",
            "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")) {
      try (RawCaller slow = new RawCaller(edge.url())) {
        assertThat(slow.send(head + rest).readToEnd(Duration.ofSeconds(10)))
            .matches("(?s)HTTP/1.1 4(08|13) .*Connection: close.*");
      }
    }
    long start = System.nanoTime();
    edge.close();
    // A request that is never counted as ended would be awaited for 10 s.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  default void aStopEndsRequestsInFlightAfterTheStopTimeout() throws IOException {
    Edge edge = start(Map.of("front-door.stop-timeout", "1s"));
    String begun =
        "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n"
            + "Content-Type: application/json\r\nExpect: 100-continue\r\n\r\n";
    try (RawCaller slow = new RawCaller(edge.url())) {
      slow.send(begun).readUntil("100 Continue", Duration.ofSeconds(5));
      long start = System.nanoTime();
      edge.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(8));
    }
  }

  @Test
  default void aStopReleasesHeldAnswersAtOnceWithTheRestOfTheirWait() throws IOException {
    Edge edge = start(Map.of("DRAIN", "1s", "RULES_FILE", HeldBuckets.rulesFile()));
    assertThat(edge.http().check(HeldBuckets.check(20_000)).json().get("wait_ms").asLong())
        .isZero();
    String body = HeldBuckets.check(20_000);
    try (RawCaller held = new RawCaller(edge.url())) {
      held.send(HeldBuckets.request(body));
      Awaitility.await().until(() -> HeldBuckets.held(edge.mainPort()) == 1);
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(edge::close);
      String answer = held.readToEnd(Duration.ofSeconds(15));
      assertThat(answer)
          .startsWith("HTTP/1.1 200 ")
          .contains("Connection: close")
          .containsPattern("\"wait_ms\":[1-9][0-9]{0,4},\"held_ms\":[1-9]");
      stopped.join();
    }
  }

  private static Reply probe(Edge edge) {
    return edge.mainPort().unvalidated("/readyz", HttpRequest.Builder::GET);
  }
}
