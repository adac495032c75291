package io.ratelimiter.endtoend;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the HTTP check. */
final class Caller {

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI service;

  Caller(int port) {
    service = URI.create("http://localhost:" + port);
  }

  /** One answered check. */
  record Answer(int status, JsonNode body, String correlationId) {

    boolean allowed() {
      return body.get("allowed").booleanValue();
    }
  }

  Answer check(String clientId) {
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder(service.resolve("/v1/check"))
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        JSON.writeValueAsString(java.util.Map.of("client_id", clientId)))));
    return new Answer(
        response.statusCode(),
        JSON.readTree(response.body()),
        response.headers().firstValue("X-Correlation-ID").orElseThrow());
  }

  /** The body of a GET, whatever its status. */
  HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(service.resolve(path)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
