package io.ratelimiter.service.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile requests, each with the status and detail of its answer. */
public interface HostileInputContract extends EdgeContract {

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.ratelimiter.service.api.contract.HostileInput#bodies")
  default void anInvalidCheckIsRefusedWithTheFault(
      String what, String body, int status, String detail) {
    Reply reply = http().check(body);
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    if (detail != null) {
      assertThat(reply.json().get("detail").asString()).contains(detail);
    }
  }

  private Reply checkOf(byte[] body) {
    return http()
        .send(
            "/v1/check",
            request ->
                request
                    .POST(BodyPublishers.ofByteArray(body))
                    .header("Content-Type", "application/json"));
  }

  @Test
  default void bytesThatAreNotUtf8AreRefused() {
    byte[] body = "{\"client_id\":\"a?b\"}".getBytes(StandardCharsets.US_ASCII);
    for (int bad : new int[] {0xFF, 0xC0, 0x80, 0xED}) {
      body[15] = (byte) bad;
      Reply reply = checkOf(body.clone());
      assertThat(reply.status()).isEqualTo(400);
    }
  }

  @Test
  default void jsonInAnotherEncodingIsRefused() {
    for (var charset :
        List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_32)) {
      byte[] body = "{\"client_id\":\"a\"}".getBytes(charset);
      Reply reply = checkOf(body);
      assertThat(reply.status()).as(charset.name()).isEqualTo(400);
    }
  }

  @Test
  default void aGzipBombIsNeverDecompressed() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
      out.write(new byte[5_000_000]);
    }
    Reply reply =
        http()
            .send(
                "/v1/check",
                request ->
                    request
                        .POST(BodyPublishers.ofByteArray(bomb.toByteArray()))
                        .header("Content-Type", "application/json")
                        .header("Content-Encoding", "gzip"));
    assertThat(reply.status()).isEqualTo(415);
    assertThat(reply.json().get("detail").asString()).contains("Content-Encoding");
  }

  @Test
  default void anErrorIsNotChargedOrPublished() {
    int before = published().count();
    http().check("{\"client_id\":\"uncharged\",\"cost\":-1}");
    http().check("{\"client_id\":\"uncharged\"");
    assertThat(published().count()).isEqualTo(before);
    assertThat(
            edge()
                .mainPort()
                .get("/v1/usage?client_id=uncharged")
                .json()
                .get("limits")
                .get(0)
                .get("remaining")
                .asLong())
        .isEqualTo(100);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.ratelimiter.service.api.contract.HostileInput#heads")
  default void anInvalidHeadIsAProblemToo(String what, String head, int status) throws IOException {
    try (RawCaller raw = new RawCaller(edge().url())) {
      String answer = raw.send(head).readToEnd(HostileInput.LIMIT);
      assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
      assertThat(answer.toLowerCase())
          .contains("content-type: application/problem+json", "x-correlation-id: ")
          .doesNotContain("<html", "exception", "tomcat");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/authz HTTP/1.1\r\nHost: a\r\nX-Long: ",
        "GET /v1/authz/",
        "POST /v1/check HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"
      })
  default void aCallerThatStillSendsWhenItIsRefusedIsNotCutOff(String begin) throws IOException {
    try (RawCaller raw = new RawCaller(edge().url())) {
      assertThat(
              raw.send(begin + "a".repeat(9_000)).readUntil("correlation_id", HostileInput.LIMIT))
          .containsAnyOf("HTTP/1.1 400 ", "HTTP/1.1 501 ");
      for (int i = 0; i < 50; i++) {
        raw.send("a".repeat(10_000));
      }
      assertThat(raw.shutdownOutput().readToEnd(HostileInput.LIMIT)).doesNotContain("HTTP");
    }
  }

  @Test
  default void aCorrelationIdCannotInjectAHeader() throws IOException {
    try (RawCaller raw = new RawCaller(edge().url())) {
      String answer =
          raw.send(
                  "GET /v1/authz HTTP/1.1\r\nHost: a\r\nX-Client-ID: a\r\nConnection: close\r\n"
                      + "X-Correlation-ID: a\rSet-Cookie: b\r\n\r\n")
              .readToEnd(HostileInput.LIMIT);
      assertThat(answer.toLowerCase()).doesNotContain("set-cookie");
    }
  }

  @Test
  default void aChunkedBodyIsCountedWhileItIsRead() throws IOException {
    String chunk = "1000\r\n" + " ".repeat(4_096) + "\r\n";
    try (RawCaller raw = new RawCaller(edge().url())) {
      raw.send(
          "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n");
      raw.send(chunk).send(chunk).send(chunk).send("0\r\n\r\n");
      assertThat(raw.readUntil("}", HostileInput.LIMIT)).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  default void aBodyInPiecesIsReadWhole() throws IOException {
    String body = "{\"client_id\":\"pieces\"}";
    try (RawCaller raw = new RawCaller(edge().url())) {
      raw.send(
          "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n");
      for (char c : body.toCharArray()) {
        raw.send(String.valueOf(c));
      }
      assertThat(raw.readUntil("limits", HostileInput.LIMIT)).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  default void aCallerThatClosesItsSendingDirectionAfterTheRequestIsAnswered() throws IOException {
    String body = "{\"client_id\":\"half-closed\"}";
    String request =
        "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    for (int requests : new int[] {1, 3}) {
      try (RawCaller raw = new RawCaller(edge().url())) {
        String answers =
            raw.send(request.repeat(requests)).shutdownOutput().readToEnd(HostileInput.LIMIT);
        assertThat(answers.split("HTTP/1.1 200 ", -1)).as(answers).hasSize(requests + 1);
        assertThat(answers.split("\"limits\"", -1)).as(answers).hasSize(requests + 1);
      }
    }
  }

  @Test
  default void aCallerThatClosesItsSendingDirectionWithinARequestIsClosed() throws IOException {
    String head = "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    for (String part :
        List.of(
            "",
            "POST /v1/che",
            head + "Content-Length: 30\r\n\r\n{",
            head + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")) {
      try (RawCaller raw = new RawCaller(edge().url())) {
        assertThat(raw.send(part).shutdownOutput().readToEnd(HostileInput.LIMIT))
            .doesNotContain("HTTP/1.1 200", "HTTP/1.1 5");
      }
    }
  }

  @Test
  default void callersThatSendSlowlyGet408AndKeepUnchargedWaiting() throws IOException {
    List<RawCaller> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 50; i++) {
        slow.add(new RawCaller(edge().url()));
        slow.getLast()
            .send(
                "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + (i % 2 == 0 ? "Content-Length: 30" : "Transfer-Encoding: chunked")
                    + "\r\n\r\n"
                    + (i % 2 == 0 ? "{" : "1\r\n{\r\n"));
      }
      long start = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        assertThat(http().check("{\"client_id\":\"healthy\"}").status()).isEqualTo(200);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
      for (RawCaller caller : slow) {
        String answer = caller.readToEnd(HostileInput.LIMIT);
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
  default void callersThatDoNotReadDelayNoOther() throws IOException {
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
        RawCaller caller = new RawCaller(edge().url());
        callers.add(caller);
        mute.add(Thread.ofVirtual().start(() -> pour(caller, requests)));
      }
      for (int i = 0; i < 200; i++) {
        assertThat(http().check("{\"client_id\":\"healthy\"}").status()).isIn(200);
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
      // The service or the test has closed the connection.
      Thread.currentThread().interrupt();
    }
  }
}
