package io.ratelimiter.service.full;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.check.CheckResult;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The recipes of {@code deploy/proxies} with real proxies, in front of an application. */
@Tag("full")
@LocalStack
class ProxiesIT {

  @TempDir private static Path folder;

  private static ServiceUnderTest limiter;

  private Application application;

  @BeforeAll
  static void startLimiter(RedisServer redis) throws Exception {
    redis.command("flushall");
    String rules = Files.writeString(folder.resolve("rules.json"), rules()).toString();
    limiter =
        new ServiceUnderTest(
            Map.of("REDIS_PORT", Integer.toString(redis.port()), "RULES_FILE", rules));
  }

  /** A limit for the path of each test, because a cached block outlasts a test. */
  private static String rules() {
    List<String> rules = new ArrayList<>();
    rules.add("{\"client_id\": \"default\", \"rate\": 1000, \"window\": 3600}");
    for (Proxy proxy : Proxy.values()) {
      for (String path : List.of("limited", "true", "false")) {
        rules.add(
            "{\"client_id\": \"default\", \"endpoint\": \"%1$s\", \"name\": \"%1$s\", \"rate\": 3, \"window\": 3600}"
                .formatted(path(proxy, path)));
      }
    }
    return "{\"rules\": [" + String.join(",", rules) + "]}";
  }

  private static String path(Proxy proxy, String test) {
    return "/orders-" + proxy.name().toLowerCase(Locale.ROOT) + "-" + test;
  }

  @AfterAll
  static void stopLimiter() {
    limiter.close();
  }

  @BeforeEach
  void startApplication() throws IOException {
    application = new Application();
  }

  @AfterEach
  void stopApplication() {
    application.close();
  }

  @ParameterizedTest
  @EnumSource
  void aCallerIsLimitedAndGetsTheRateLimitHeaders(Proxy proxy) throws Exception {
    String path = path(proxy, "limited");
    String policy = "\"" + path + "\";q=3;w=3600";
    try (ProxyProcess running = proxy.start(folder, limiter.url().getPort(), application, false)) {
      for (int left = 2; left >= 0; left--) {
        RawAnswer answer = running.get(path + "?id=" + left);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.text()).endsWith("the page ");
        // Traefik cannot add headers of the limiter to the answer of an allowed request.
        if (proxy != Proxy.TRAEFIK) {
          assertThat(answer.header("RateLimit-Policy")).contains(policy);
          assertThat(answer.header("RateLimit")).contains("\"" + path + "\";r=" + left);
        }
      }
      RawAnswer blocked = running.get(path);
      assertThat(blocked.status()).as(blocked.text()).isEqualTo(429);
      assertThat(blocked.header("RateLimit-Policy")).isEqualTo(policy);
      assertThat(blocked.header("RateLimit")).startsWith("\"" + path + "\";r=0");
      assertThat(blocked.header("Retry-After")).matches("1\\d\\d\\d");
      assertThat(blocked.header("X-Correlation-ID")).isNotNull();
    }
    assertThat(application.takeRequests()).filteredOn(one -> one.contains(path)).hasSize(3);
    // One check per request.
    assertThat(decisions("127.0.0.1", path)).hasSize(4);
  }

  @ParameterizedTest
  @EnumSource
  void callersOfOneIpv6NetworkAreOneClient(Proxy proxy) throws Exception {
    int before = decisions("::/64", "global").size();
    try (ProxyProcess running = proxy.start(folder, limiter.url().getPort(), application, false)) {
      URI loopback = URI.create("http://[::1]:" + running.url().getPort());
      assertThat(ProxyProcess.send(loopback, "GET", "/free", "").status()).isEqualTo(200);
    }
    assertThat(decisions("::/64", "global")).hasSize(before + 1);
  }

  @ParameterizedTest
  @CsvSource({
    "NGINX,false", "CADDY,false", "HAPROXY,false", "TRAEFIK,false", "ENVOY,false",
    "NGINX,true", "CADDY,true", "HAPROXY,true", "TRAEFIK,true", "ENVOY,true"
  })
  void aBlockedCallerStaysBlockedWithForgedRequests(Proxy proxy, boolean open) throws Exception {
    String path = path(proxy, Boolean.toString(open));
    try (ProxyProcess running = proxy.start(folder, limiter.url().getPort(), application, open)) {
      for (int i = 0; i < 3; i++) {
        assertThat(running.get(path).status()).isEqualTo(200);
      }
      application.takeRequests();
      for (Forgery forgery : Forgery.all(path)) {
        RawAnswer answer = forgery.send(running.url());
        assertThat(application.takeRequests()).as("%s: %s", forgery, answer).isEmpty();
        assertThat(answer.status()).as("%s: %s", forgery, answer).isIn(forgery.statuses());
      }
      // The same headers have no effect for a caller that is not blocked.
      int before = decisions("127.0.0.1", "global").size();
      assertThat(running.get("/free", Forgery.HEADERS).status()).isEqualTo(200);
      assertThat(decisions("127.0.0.1", "global")).hasSize(before + 1);
      assertThat(decisions("127.0.0.1", "global").getLast().check().cost()).isEqualTo(1);
    }
  }

  private static List<CheckResult> decisions(String client, String limitKey) {
    return limiter.published().decisionsOf(client).stream()
        .filter(made -> made.check().limitKey().equals(limitKey))
        .toList();
  }
}
