package io.ratelimiter.service.api.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.servlet.HttpCaller.Reply;
import java.io.IOException;
import java.net.http.HttpRequest;
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

  private static Reply probe(HttpCaller http) {
    return http.unjudged("/readyz", HttpRequest.Builder::GET);
  }
}
