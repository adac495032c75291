package io.ratelimiter.service.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.LimiterProcess;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The process in sessions whose language has other letters or digits than ASCII. */
@LocalStack
class SessionLanguageIT {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"tr -Duser.country=TR", "ar -Duser.country=EG"})
  void itsAnswersDoNotDependOnTheLanguage(String language, RedisServer redis) throws Exception {
    Map<String, String> environment =
        Map.of(
            "JAVA_TOOL_OPTIONS",
            "-Duser.language=" + language,
            "REDIS_PORT",
            Integer.toString(redis.port()),
            "REDIS_TIMEOUT_MS",
            "2000",
            "FAIL_MODE",
            "LOCAL",
            "ALGORITHM",
            "Sliding_Window",
            "LOG_FORMAT",
            "JSON",
            "BIND_ADDRESS",
            "127.0.0.1");
    try (LimiterProcess process = new LimiterProcess(folder, environment).awaitReady()) {
      String answer = post(process.url().resolve("/v1/check"), "{\"client_id\": \"api_client\"}");
      assertThat(answer).contains("\"allowed\":true").contains("\"limit\":20,");
      assertThat(post(process.checkUrl().resolve("/v1/check"), "{\"client_id\": }"))
          .contains("line 1");
      assertThat(get(process.url().resolve("/rules"))).contains("\"sliding_window\"");
      assertThat(get(process.url().resolve("/metrics"))).contains("ratelimiter_allowed_total{");
      assertThat(process.output()).contains("{\"@timestamp\":\"2");
      // Another address of this machine: the process listens only on the configured one.
      for (URI uri : new URI[] {process.url(), process.checkUrl()}) {
        assertThatThrownBy(() -> new Socket("127.0.0.2", uri.getPort()).close())
            .isInstanceOf(ConnectException.class);
      }
    }
  }

  private static String post(URI uri, String body) throws Exception {
    return send(
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  private static String get(URI uri) throws Exception {
    return send(HttpRequest.newBuilder(uri).build());
  }

  private static String send(HttpRequest request) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString()).body();
    }
  }
}
