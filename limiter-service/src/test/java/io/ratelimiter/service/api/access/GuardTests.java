package io.ratelimiter.service.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratelimiter.service.api.http.Peer;
import io.ratelimiter.service.api.http.ProblemException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTests {

  private static final String TOKEN = "token-of-this-test-0123456789";
  private static final String BEARER = "Bearer " + TOKEN;

  private final AllowedHosts hosts = new AllowedHosts(List.of("limiter.example", " Other "));
  private final Guard guard =
      new Guard(new AdminToken(TOKEN, new SimpleMeterRegistry(), () -> 0), hosts, true);

  private static final Peer PEER = Peer.of("127.0.0.1", null);

  private static int status(Guard guard, String path, Map<String, String> fields) {
    try {
      guard.admit(path, new TestHead(fields, PEER));
      return 200;
    } catch (ProblemException e) {
      return e.problem().status();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/admin/rules", "/v1/console/live", "/v1/admin/nothing"})
  void theAdminPlaneNeedsTheTokenAndANameOfThisService(String path) {
    assertThat(status(guard, path, Map.of("Host", "localhost"))).isEqualTo(401);
    assertThat(status(guard, path, Map.of("Host", "localhost", "Authorization", BEARER)))
        .isEqualTo(200);
    assertThat(status(guard, path, Map.of("Host", "evil.example", "Authorization", BEARER)))
        .isEqualTo(421);
    assertThat(status(guard, path, Map.of("Authorization", BEARER))).isEqualTo(421);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost,true",
    "LOCALHOST:8000,true",
    "127.0.0.1,true",
    "127.8.9.1:80,true",
    "[::1]:8000,true",
    "limiter.example,true",
    "Limiter.Example:443,true",
    "other,true",
    "localhost.evil.example,false",
    "127.0.0.1.evil.example,false",
    "10.0.0.1,false",
    "limiter.example.evil,false"
  })
  void aHostIsALoopbackNameOrAConfiguredOne(String host, boolean allowed) {
    if (allowed) {
      assertThatCode(() -> hosts.admit(host)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> hosts.admit(host)).hasMessageContaining("ALLOWED_HOSTS");
    }
  }

  @Test
  void everyNameCanBeAllowed() {
    assertThatCode(() -> new AllowedHosts(List.of("*")).admit("whatever.example"))
        .doesNotThrowAnyException();
  }

  @Test
  void rulesAndMetricsNeedTheTokenWhenConfigured() {
    Guard closed =
        new Guard(new AdminToken(TOKEN, new SimpleMeterRegistry(), () -> 0), hosts, false);
    for (String path : List.of("/rules", "/metrics")) {
      assertThat(status(guard, path, Map.of())).isEqualTo(200);
      assertThat(status(closed, path, Map.of())).isEqualTo(401);
      assertThat(status(closed, path, Map.of("Authorization", BEARER))).isEqualTo(200);
    }
    assertThat(status(closed, "/health", Map.of())).isEqualTo(200);
  }
}
