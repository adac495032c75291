package io.ratelimiter.service.api.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.servlet.HttpCaller.Reply;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What somebody sends who means no good; each with its status and what it is told. */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileInputIT {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private ServiceUnderTest service;
  private HttpCaller http;

  @BeforeAll
  void start(RedisServer redis) {
    redis.command("flushall");
    service =
        new ServiceUnderTest(
            Map.of("REDIS_PORT", Integer.toString(redis.port()), "api.exchange-timeout", "3s"));
    http = new HttpCaller(service.url());
  }

  @AfterAll
  void stop() {
    service.close();
  }

  static Stream<Arguments> bodies() {
    String deep = "{\"client_id\":\"c\",\"x\":" + "[".repeat(2_000) + "]".repeat(2_000) + "}";
    return Stream.of(
        arguments("300 KB", " ".repeat(300_000), 413, "the body must have at most 8192 bytes"),
        arguments("nothing", "", 400, "the body must be a JSON object"),
        arguments("an array", "[]", 400, "the body must be a JSON object"),
        arguments("null", "null", 400, "the body must be a JSON object"),
        arguments("half an object", "{\"client_id\":\"c\"", 400, "valid JSON"),
        arguments("two objects", "{\"client_id\":\"c\"}{}", 400, "something follows"),
        arguments("deep JSON", deep, 400, "at most 32 levels"),
        arguments("no client", "{}", 400, "client_id is required"),
        arguments("a number for a client", "{\"client_id\":7}", 400, "client_id must be a string"),
        arguments("null for a client", "{\"client_id\":null}", 400, "client_id must be a string"),
        arguments(
            "an object for a client", "{\"client_id\":{}}", 400, "client_id must be a string"),
        arguments("an empty client", "{\"client_id\":\"\"}", 400, "client_id must not be empty"),
        arguments("the wildcard", "{\"client_id\":\"*\"}", 400, "client_id must not be *"),
        arguments(
            "257 bytes",
            "{\"client_id\":\"" + "x".repeat(257) + "\"}",
            400,
            "client_id must have at most 256 bytes"),
        arguments("256 bytes", "{\"client_id\":\"" + "x".repeat(256) + "\"}", 200, null),
        arguments(
            "65 emoji",
            "{\"client_id\":\"" + "\uD83D\uDE80".repeat(65) + "\"}",
            400,
            "at most 256 bytes"),
        arguments("64 emoji", "{\"client_id\":\"" + "\uD83D\uDE80".repeat(64) + "\"}", 200, null),
        arguments("braces and colons", "{\"client_id\":\"{a}:}{%s\"}", 200, null),
        arguments(
            "a control character",
            "{\"client_id\":\"a\\u0000b\"}",
            400,
            "client_id must not have control"),
        arguments(
            "a C1 control character",
            "{\"client_id\":\"a\\u0085b\"}",
            400,
            "client_id must not have control"),
        arguments("a newline as it is", "{\"client_id\":\"a\nb\"}", 400, "valid JSON"),
        arguments("a lone high surrogate", "{\"client_id\":\"\\ud83d\"}", 400, "lone surrogates"),
        arguments("a lone low surrogate", "{\"client_id\":\"\\ude80x\"}", 400, "lone surrogates"),
        arguments(
            "surrogates in the wrong order",
            "{\"client_id\":\"\\ude80\\ud83d\"}",
            400,
            "lone surrogates"),
        arguments(
            "a duplicate client",
            "{\"client_id\":\"a\",\"client_id\":\"b\"}",
            400,
            "client_id must be given once"),
        arguments(
            "a duplicate cost",
            "{\"client_id\":\"a\",\"cost\":1,\"cost\":0}",
            400,
            "cost must be given once"),
        arguments("NaN", "{\"client_id\":\"a\",\"cost\":NaN}", 400, "valid JSON"),
        arguments(
            "a text for a cost",
            "{\"client_id\":\"a\",\"cost\":\"1\"}",
            400,
            "cost must be a whole number"),
        arguments(
            "true for a cost",
            "{\"client_id\":\"a\",\"cost\":true}",
            400,
            "cost must be a whole number"),
        arguments(
            "a fraction", "{\"client_id\":\"a\",\"cost\":1.5}", 400, "cost must be a whole number"),
        arguments("a whole number with a point", "{\"client_id\":\"a\",\"cost\":2.0}", 200, null),
        arguments(
            "less than nothing",
            "{\"client_id\":\"a\",\"cost\":-1}",
            400,
            "cost must be a whole number"),
        arguments(
            "a million and one",
            "{\"client_id\":\"a\",\"cost\":1000001}",
            400,
            "cost must be a whole number"),
        arguments(
            "2^64",
            "{\"client_id\":\"a\",\"cost\":18446744073709551616}",
            400,
            "cost must be a whole number"),
        arguments(
            "1e999999999",
            "{\"client_id\":\"a\",\"cost\":1e999999999}",
            400,
            "cost must be a whole number"),
        arguments(
            "1000 digits",
            "{\"client_id\":\"a\",\"cost\":" + "9".repeat(1_000) + "}",
            400,
            "numbers of 64 characters"),
        arguments(
            "an upper-case tenant",
            "{\"client_id\":\"a\",\"tenant\":\"A\"}",
            400,
            "tenant must match"),
        arguments(
            "an empty limit key",
            "{\"client_id\":\"a\",\"limit_key\":\"\"}",
            400,
            "limit_key must not be empty"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void a_check_tells_what_is_wrong(String what, String body, int status, String detail) {
    Reply reply = http.check(body);
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    if (detail != null) {
      assertThat(reply.json().get("detail").asString()).contains(detail);
    }
  }

  @Test
  void bytes_that_are_no_utf_8_are_refused() {
    byte[] body = "{\"client_id\":\"a?b\"}".getBytes(StandardCharsets.US_ASCII);
    for (int bad : new int[] {0xFF, 0xC0, 0x80, 0xED}) {
      body[15] = (byte) bad;
      Reply reply =
          http.send(
              "/v1/check",
              request ->
                  request
                      .POST(BodyPublishers.ofByteArray(body.clone()))
                      .header("Content-Type", "application/json"));
      assertThat(reply.status()).isEqualTo(400);
    }
  }

  @Test
  void a_gzip_bomb_is_never_opened() {
    assertThat(http.post("/v1/check", "x", "Content-Encoding", "gzip").status()).isEqualTo(415);
  }

  @Test
  void an_error_charges_and_tells_nothing() {
    int told = service.published().count();
    http.check("{\"client_id\":\"nobody\",\"cost\":-1}");
    http.check("{\"client_id\":\"nobody\"");
    assertThat(service.published().count()).isEqualTo(told);
    assertThat(
            http.get("/v1/usage?client_id=nobody")
                .json()
                .get("limits")
                .get(0)
                .get("remaining")
                .asLong())
        .isEqualTo(100);
  }

  static Stream<Arguments> heads() {
    return Stream.of(
        arguments("no HTTP", "HELLO\r\n\r\n", 400),
        arguments("an unknown version", "GET / HTTP/9.9\r\nHost: a\r\n\r\n", 505),
        arguments("no host", "GET /livez HTTP/1.1\r\n\r\n", 400),
        arguments("two hosts", "GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        arguments("a null in the path", "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        arguments("a bar in the path", "GET /a|b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        arguments("a slash in disguise", "GET /v1%2fcheck HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        arguments("TRACE", "TRACE /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405),
        arguments(
            "a method of its own",
            "BREW /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            405),
        arguments(
            "64 KB of headers",
            "GET /livez HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(65_536) + "\r\n\r\n",
            400),
        arguments(
            "an unknown coding",
            "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: x\r\n\r\n",
            501),
        arguments(
            "a negative length",
            "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: -1\r\n\r\n",
            400),
        arguments(
            "two lengths",
            "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            400),
        arguments(
            "a length too large for a long",
            "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99999999999999999999\r\n\r\n",
            400));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("heads")
  void what_tomcat_refuses_is_a_problem_too(String what, String head, int status)
      throws IOException {
    try (RawCaller raw = new RawCaller(service.url())) {
      String answer = raw.send(head).readToEnd(LIMIT);
      assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
      assertThat(answer.toLowerCase())
          .contains("content-type: application/problem+json", "x-correlation-id: ")
          .doesNotContain("<html", "exception", "tomcat");
    }
  }

  @Test
  void a_correlation_id_cannot_smuggle_a_header() throws IOException {
    try (RawCaller raw = new RawCaller(service.url())) {
      String answer =
          raw.send(
                  "GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                      + "X-Correlation-ID: a\rSet-Cookie: b\r\n\r\n")
              .readToEnd(LIMIT);
      assertThat(answer.toLowerCase()).doesNotContain("set-cookie");
    }
  }

  @Test
  void a_chunked_body_is_counted_while_it_is_read() throws IOException {
    String chunk = "1000\r\n" + " ".repeat(4_096) + "\r\n";
    try (RawCaller raw = new RawCaller(service.url())) {
      raw.send(
          "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n");
      raw.send(chunk).send(chunk).send(chunk).send("0\r\n\r\n");
      assertThat(raw.readUntil("}", LIMIT)).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void a_body_in_pieces_is_read_whole() throws IOException {
    String body = "{\"client_id\":\"pieces\"}";
    try (RawCaller raw = new RawCaller(service.url())) {
      raw.send(
          "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n");
      for (char c : body.toCharArray()) {
        raw.send(String.valueOf(c));
      }
      assertThat(raw.readUntil("limits", LIMIT)).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void callers_who_send_slowly_get_408_and_keep_nobody_waiting() throws IOException {
    List<RawCaller> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 50; i++) {
        slow.add(new RawCaller(service.url()));
        slow.getLast()
            .send(
                "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + (i % 2 == 0 ? "Content-Length: 30" : "Transfer-Encoding: chunked")
                    + "\r\n\r\n"
                    + (i % 2 == 0 ? "{" : "1\r\n{\r\n"));
      }
      long start = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        assertThat(http.check("{\"client_id\":\"healthy\"}").status()).isEqualTo(200);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
      for (RawCaller caller : slow) {
        String answer = caller.readToEnd(LIMIT);
        assertThat(answer)
            .satisfiesAnyOf(
                text -> assertThat(text).startsWith("HTTP/1.1 408 "),
                text -> assertThat(text).isEmpty());
      }
    } finally {
      for (RawCaller caller : slow) {
        caller.close();
      }
    }
  }

  @Test
  void callers_who_do_not_read_keep_nobody_waiting() throws IOException {
    String body = "{\"client_id\":\"mute\"}";
    byte[] requests =
        ("POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body)
            .repeat(200)
            .getBytes(StandardCharsets.UTF_8);
    List<Thread> mute = new ArrayList<>();
    List<RawCaller> callers = new ArrayList<>();
    try {
      for (int i = 0; i < 12; i++) {
        RawCaller caller = new RawCaller(service.url());
        callers.add(caller);
        mute.add(Thread.ofVirtual().start(() -> pour(caller, requests)));
      }
      for (int i = 0; i < 200; i++) {
        assertThat(http.check("{\"client_id\":\"healthy\"}").status()).isIn(200);
      }
    } finally {
      for (RawCaller caller : callers) {
        caller.close();
      }
    }
  }

  private static void pour(RawCaller caller, byte[] requests) {
    try {
      for (int i = 0; i < 1_000; i++) {
        caller.send(requests);
      }
    } catch (IOException e) {
      // The service has had enough, or the test has: both end this caller.
      Thread.currentThread().interrupt();
    }
  }
}
