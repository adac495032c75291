package io.ratelimiter.service.api.contract;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the service, and validates every answer against the OpenAPI document that it serves. */
public final class HttpCaller {

  private static final JsonMapper JSON = new JsonMapper();

  /** An answer. */
  public record Reply(int status, HttpResponse<byte[]> http) {

    public String text() {
      return new String(http.body(), StandardCharsets.UTF_8);
    }

    public JsonNode json() {
      return JSON.readTree(http.body());
    }

    public String header(String name) {
      return http.headers().firstValue(name).orElse(null);
    }
  }

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI base;
  private final OpenApi openApi;

  /** Calls a port that also serves the document. */
  public HttpCaller(URI base) {
    this.base = base;
    this.openApi = new OpenApi(unvalidated("/openapi.json", HttpRequest.Builder::GET).text());
  }

  private HttpCaller(URI base, OpenApi openApi) {
    this.base = base;
    this.openApi = openApi;
  }

  /** Calls another port, validated against the same document. */
  HttpCaller at(URI other) {
    return new HttpCaller(other, openApi);
  }

  public OpenApi openApi() {
    return openApi;
  }

  public Reply check(String body) {
    return post("/v1/check", body);
  }

  public Reply post(String path, String body, String... headers) {
    return send(
        path,
        request -> {
          request.POST(BodyPublishers.ofString(body)).header("Content-Type", "application/json");
          for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
          }
        });
  }

  public Reply get(String path, String... headers) {
    return send("GET", path, headers);
  }

  public Reply send(String method, String path, String... headers) {
    return send(
        path,
        request -> {
          request.method(method, BodyPublishers.noBody());
          for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
          }
        });
  }

  public Reply send(String path, Consumer<HttpRequest.Builder> with) {
    Reply reply = unvalidated(path, with);
    openApi.validate(reply.http().request().method(), path, reply.http());
    return reply;
  }

  /** Without validation: for paths and answers that the document does not describe. */
  public Reply unvalidated(String path, Consumer<HttpRequest.Builder> with) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(20));
    with.accept(builder);
    HttpRequest request = builder.build();
    try {
      HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
      return new Reply(response.statusCode(), response);
    } catch (IOException e) {
      throw new AssertionError(request + " was not answered", e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
