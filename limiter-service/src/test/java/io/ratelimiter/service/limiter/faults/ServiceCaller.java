package io.ratelimiter.service.limiter.faults;

import io.ratelimiter.service.ServiceUnderTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls a service over HTTP. Thread-safe. */
final class ServiceCaller {

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();
  private final URI base;

  ServiceCaller(URI base) {
    this.base = base;
  }

  /** Sends a check of one unit; returns the complete response. */
  CompletableFuture<HttpResponse<String>> send(String tenant, String clientId) {
    return client.sendAsync(check(tenant, clientId, 1), BodyHandlers.ofString());
  }

  /** The answer to a check of one unit. */
  JsonNode check(String tenant, String clientId) {
    return JSON.readTree(body(check(tenant, clientId, 1)));
  }

  /** Remaining units of the limit in the store; repeats a check of cost 0 until it answers. */
  long remaining(String tenant, String clientId) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> JSON.readTree(body(check(tenant, clientId, 0))),
            answer -> answer.path("source").asString("").equals("redis"))
        .get("remaining")
        .asLong();
  }

  String get(String path) {
    return body(HttpRequest.newBuilder(base.resolve(path)).build());
  }

  JsonNode json(String path) {
    return JSON.readTree(get(path));
  }

  static JsonNode parse(String body) {
    return JSON.readTree(body);
  }

  /** Refunds one unit of limit key global; returns the answer. */
  JsonNode refund(String clientId) {
    HttpRequest.Builder request =
        admin("/v1/admin/refunds")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"client_id\":\"%s\"}".formatted(clientId)));
    return JSON.readTree(body(request.build()));
  }

  /** Resets a client's consumption of limit key global; returns the answer. */
  JsonNode reset(String clientId) {
    return JSON.readTree(body(admin("/v1/admin/usage?client_id=" + clientId).DELETE().build()));
  }

  private HttpRequest.Builder admin(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .header("Authorization", "Bearer " + ServiceUnderTest.ADMIN_TOKEN);
  }

  private HttpRequest check(String tenant, String clientId, int cost) {
    String body =
        "{\"tenant\":\"%s\",\"client_id\":\"%s\",\"cost\":%d}".formatted(tenant, clientId, cost);
    return HttpRequest.newBuilder(base.resolve("/v1/check"))
        .timeout(Duration.ofSeconds(20))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private String body(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
