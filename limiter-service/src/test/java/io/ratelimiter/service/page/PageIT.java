package io.ratelimiter.service.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page's files and its data, without Kafka and without a database. */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageIT {

  private static final String SPAN = "from=2026-11-01T00:00:00Z&to=2026-11-01T01:00:00Z";

  private final HttpClient http = HttpClient.newHttpClient();
  private ServiceUnderTest service;

  @BeforeAll
  void start(RedisServer redis) {
    service = new ServiceUnderTest(Map.of("REDIS_PORT", Integer.toString(redis.port())));
  }

  @AfterAll
  void stop() {
    service.close();
    http.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(service.url() + path));
  }

  private HttpRequest.Builder admin(String path) {
    return request(path).header("Authorization", "Bearer " + ServiceUnderTest.ADMIN_TOKEN);
  }

  @Test
  void nulInAFilterIsABadRequest() throws Exception {
    for (String query : new String[] {"client_id=a%00", "tenant=%00&client_id=a"}) {
      HttpResponse<String> answer =
          send(admin("/v1/console/analytics/client?" + SPAN + "&" + query));

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains(query.split("=")[0] + " must not have the character NUL");
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void thePageHasAPolicyThatForbidsOtherSources() throws Exception {
    HttpResponse<String> page = send(request("/"));
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
    assertThat(page.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(
            policy -> assertThat(policy).startsWith("default-src 'self'").doesNotContain("unsafe"));
    assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(page.body())
        .doesNotContainPattern("<script(?![^>]* src=)")
        .doesNotContainPattern("(?i)\\son\\w+=|style=|https?://");
  }

  @Test
  void everyFileThatThePageReferencesExists() throws Exception {
    String page = send(request("/")).body();
    var names =
        Pattern.compile("/page/([\\w.-]+)").matcher(page).results().map(m -> m.group()).toList();
    assertThat(names).hasSizeGreaterThan(3);
    for (String name : names) {
      assertThat(send(request(name)).statusCode()).as(name).isEqualTo(200);
    }
    assertThat(send(request("/page/uPlot.esm.js")).headers().firstValue("Content-Type"))
        .hasValue("text/javascript;charset=UTF-8");
    assertThat(send(request("/page/nothing.js")).statusCode()).isEqualTo(404);
  }

  @Test
  void aFileThatTheBrowserHasIsNotSentAgain() throws Exception {
    HttpResponse<String> first = send(request("/page/app.js"));
    String tag = first.headers().firstValue("ETag").orElseThrow();
    assertThat(first.headers().firstValue("Cache-Control")).hasValue("no-cache");
    HttpResponse<String> again = send(request("/page/app.js").header("If-None-Match", tag));
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1/console/status", "/v1/console/live", "/v1/console/analytics/completeness"})
  void dataOfClientsNeedsTheToken(String path) throws Exception {
    HttpResponse<String> answer = send(request(path));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
  }

  @ParameterizedTest
  @CsvSource({
    "/page/comparison, bursts is required",
    "/page/comparison?bursts=0:1:1&limit=0, limit must be",
    "/page/comparison?bursts=0:1:1&window=3601, window must be",
    "/v1/console/analytics/block-rates, from is required",
    "/v1/console/analytics/block-rates?from=now&to=then, from must be a time",
    "/v1/console/analytics/block-rates?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z, from must be before to",
    "/v1/console/analytics/block-rates?from=2026-01-01T00:00:00Z&to=2026-11-01T00:00:00Z, at most 92 days",
    "/v1/console/analytics/block-rates?from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z, at most 3000 times minute",
    "/v1/console/analytics/block-rates?from=2026-11-01T00:00:00Z&to=2026-11-01T01:00:00Z&step=week, step must be",
    "/v1/console/analytics/top-blocked?from=2026-11-01T00:00:00Z&to=2026-11-01T01:00:00Z&limit=9999, limit must be",
    "/v1/console/analytics/client?from=2026-11-01T00:00:00Z&to=2026-11-01T01:00:00Z, client_id is required",
    "/v1/console/live?blocked=perhaps, blocked must be"
  })
  void anInvalidParameterIsNamed(String path, String fault) throws Exception {
    HttpResponse<String> answer = send(admin(path));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(fault);
  }

  @Test
  void withoutADatabaseThereAreNoAnalyticsAndTheDetailNamesTheReason() throws Exception {
    HttpResponse<String> answer = send(admin("/v1/console/analytics/block-rates?" + SPAN));
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("DATABASE_URL is not set");
  }

  @Test
  void theStatusReportsWhatIsConfigured() throws Exception {
    assertThat(send(admin("/v1/console/status")).body())
        .contains("\"redis\":{\"available\":true,\"breaker\":\"closed\"")
        .contains("\"fault\":\"not_configured\"")
        .contains("\"postgres\":{\"configured\":false,\"available\":false}");
  }

  @Test
  void theLiveViewReportsAtOnceThatThereIsNoKafka() throws Exception {
    HttpResponse<java.io.InputStream> answer =
        http.send(admin("/v1/console/live").build(), BodyHandlers.ofInputStream());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      assertThat(answer.headers().firstValue("Content-Type"))
          .hasValue("text/event-stream;charset=utf-8");
      assertThat(lines.readLine()).startsWith("data: {\"state\":\"not_configured\"");
    }
  }
}
