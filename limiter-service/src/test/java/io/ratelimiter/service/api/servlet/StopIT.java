package io.ratelimiter.service.api.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.servlet.HttpCaller.Reply;
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
@LocalStack
class StopIT {

  @Test
  void a_stopping_service_sends_callers_elsewhere_before_it_closes_and_fails_nobody(
      RedisServer redis) {
    ServiceUnderTest service =
        new ServiceUnderTest(Map.of("REDIS_PORT", Integer.toString(redis.port()), "DRAIN", "2s"));
    HttpCaller http = new HttpCaller(service.url());
    assertThat(http.check("{\"client_id\":\"before\"}").header("Connection")).isNull();

    CompletableFuture<Void> stopped = CompletableFuture.runAsync(service::close);
    Awaitility.await().until(() -> probe(http).status() == 503);
    assertThat(probe(http).json().get("status").asString()).isEqualTo("draining");

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
    // closed:
    // either way nobody read it, and below nothing more is told than was answered.
    assertThat(end).isInstanceOf(IOException.class);
    assertThat(answered.get()).isGreaterThan(50);
    stopped.join();
    assertThat(service.published().decisionsOf("during")).hasSize(answered.get());
  }

  @Test
  void a_stop_does_not_wait_for_callers_who_were_cut_off(RedisServer redis) throws IOException {
    ServiceUnderTest service =
        new ServiceUnderTest(
            Map.of("REDIS_PORT", Integer.toString(redis.port()), "api.exchange-timeout", "1s"));
    String head = "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    for (String rest :
        List.of(
            "Content-Length: 30\r\n\r\n{",
            "Content-Length: 3000000\r\n\r\n{",
            "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")) {
      try (RawCaller slow = new RawCaller(service.url())) {
        assertThat(slow.send(head + rest).readToEnd(Duration.ofSeconds(10)))
            .matches("(?s)HTTP/1.1 4(08|13) .*Connection: close.*");
      }
    }
    long start = System.nanoTime();
    service.close();
    // An exchange that is never counted as ended is waited for during 20 s.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  private static Reply probe(HttpCaller http) {
    return http.unjudged("/readyz", HttpRequest.Builder::GET);
  }
}
