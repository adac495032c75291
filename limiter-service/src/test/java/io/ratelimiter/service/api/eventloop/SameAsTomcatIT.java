package io.ratelimiter.service.api.eventloop;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.RawCaller;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.catalina.connector.Connector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Delegated requests are answered with the same bytes as at a port of Tomcat itself. */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SameAsTomcatIT {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Pattern ETAG = Pattern.compile("ETag: (\"[^\"]+\")");

  private static Connector tomcat;

  private final ServiceUnderTest service;

  SameAsTomcatIT(RedisServer redis) {
    service =
        ServiceUnderTest.with(Map.of("REDIS_PORT", Integer.toString(redis.port())), OwnPort.class);
  }

  @AfterAll
  void stop() {
    service.close();
  }

  /** A connector that adds a port of Tomcat to the servlet container. */
  @Configuration(proxyBeanMethods = false)
  static class OwnPort {

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> ownPort() {
      return factory -> {
        tomcat = new Connector();
        tomcat.setPort(0);
        factory.addAdditionalConnectors(tomcat);
      };
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET     | /
          HEAD    | /
          GET     | /page/app.js
          HEAD    | /page/app.js
          OPTIONS | /page/app.js
          GET     | /openapi.json
          HEAD    | /openapi.json
          GET     | /docs
          GET     | /docs/swagger-ui-bundle.js
          HEAD    | /docs/swagger-ui-bundle.js
          GET     | /livez
          HEAD    | /livez
          HEAD    | /rules
          GET     | /rules
          """)
  void delegatedRequestsGetTheSameAnswers(String method, String path) throws IOException {
    assertAlike(method, path, "");
  }

  @Test
  void aFileThatTheCallerHasIsNotSentAgain() throws IOException {
    Matcher tag = ETAG.matcher(fetch(service.url(), "HEAD", "/page/app.js", ""));
    assertThat(tag.find()).isTrue();
    for (String method : new String[] {"GET", "HEAD"}) {
      assertThat(assertAlike(method, "/page/app.js", "If-None-Match: " + tag.group(1) + "\r\n"))
          .startsWith("HTTP/1.1 304 ");
    }
  }

  @Test
  void aCallerOfHttp10GetsNoChunks() throws IOException {
    try (RawCaller raw = new RawCaller(service.url())) {
      assertThat(raw.send("GET /rules HTTP/1.0\r\n\r\n").readToEnd(LIMIT))
          .startsWith("HTTP/1.1 200 ")
          .contains("Connection: close")
          .doesNotContain("Transfer-Encoding")
          .endsWith("}");
    }
  }

  private String assertAlike(String method, String path, String header) throws IOException {
    String answer = fetch(service.url(), method, path, header);
    URI own = URI.create("http://127.0.0.1:" + tomcat.getLocalPort());
    assertThat(answer).isEqualTo(fetch(own, method, path, header));
    return answer;
  }

  /** Without the headers that the front door sets, in a fixed order. */
  private static String fetch(URI url, String method, String path, String header)
      throws IOException {
    try (RawCaller raw = new RawCaller(url)) {
      String answer =
          raw.send(
                  "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n"
                      .formatted(method, path, header))
              .readToEnd(LIMIT);
      int body = answer.indexOf("\r\n\r\n");
      String head =
          answer
              .substring(0, body)
              .lines()
              .skip(1)
              .filter(line -> !line.matches("(Date|X-Correlation-ID|X-Content-Type-Options): .*"))
              .sorted()
              .reduce("", (all, line) -> all + line + "\n");
      return answer.lines().findFirst().orElse("")
          + "\n"
          + head
          + answer.substring(body).replaceAll("\"age_seconds\":\\d+", "age");
    }
  }
}
