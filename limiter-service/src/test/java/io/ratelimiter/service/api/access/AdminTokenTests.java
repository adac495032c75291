package io.ratelimiter.service.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratelimiter.service.api.ApiProperties;
import io.ratelimiter.service.api.http.Header;
import io.ratelimiter.service.api.http.Peer;
import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminTokenTests {

  private static final String RIGHT = "Bearer 0123456789abcdef";
  private static final String WRONG = "Bearer 0123456789abcdeX";

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private long nowNanos = Long.MAX_VALUE - 1_000;
  private final AdminToken token = new AdminToken("0123456789abcdef", registry, () -> nowNanos);

  private void admit(@Nullable String authorization, String address, @Nullable String forwarded) {
    Map<String, String> fields =
        authorization == null ? Map.of() : Map.of("Authorization", authorization);
    token.admit(new TestHead(fields, Peer.of(address, forwarded)));
  }

  private Problem refusal(@Nullable String authorization, String address) {
    return refusal(authorization, address, null);
  }

  private Problem refusal(
      @Nullable String authorization, String address, @Nullable String forwarded) {
    return catchThrowableOfType(
            ProblemException.class, () -> admit(authorization, address, forwarded))
        .problem();
  }

  private double counted(String answer) {
    return registry.get("ratelimiter.admin.wrong.tokens").tag("answer", answer).counter().count();
  }

  private void guess(int times, String address) {
    for (int i = 0; i < times; i++) {
      assertThat(refusal(WRONG, address).status()).isEqualTo(401);
    }
  }

  @Test
  void afterTenWrongTokensAnAddressWaitsEvenWithTheRightOne() {
    guess(10, "192.0.2.1");

    for (String authorization : new String[] {WRONG, RIGHT}) {
      Problem problem = refusal(authorization, "192.0.2.1");
      assertThat(problem.status()).isEqualTo(429);
      assertThat(problem.headers()).containsExactly(new Header("Retry-After", "6"));
    }
    assertThat(counted("refused")).isEqualTo(10);
    assertThat(counted("throttled")).isEqualTo(2);
  }

  @Test
  void oneMoreIsAllowedEverySixSeconds() {
    guess(10, "192.0.2.1");

    nowNanos += Duration.ofSeconds(6).toNanos();
    guess(1, "192.0.2.1");
    assertThat(refusal(WRONG, "192.0.2.1").status()).isEqualTo(429);

    nowNanos += Duration.ofSeconds(6).toNanos();
    assertThatCode(() -> admit(RIGHT, "192.0.2.1", null)).doesNotThrowAnyException();
  }

  @Test
  void theRightTokenFromAnotherAddressIsAdmitted() {
    guess(10, "192.0.2.1");

    assertThatCode(() -> admit(RIGHT, "192.0.2.2", null)).doesNotThrowAnyException();
  }

  @Test
  void callersBehindOneProxyDoNotLockEachOtherOut() {
    for (int i = 0; i < 200; i++) {
      assertThat(refusal(WRONG, "192.0.2.1", "10.0.0.9, 198.51.100.7").status())
          .isEqualTo(i < 10 ? 401 : 429);
    }

    assertThatCode(() -> admit(RIGHT, "192.0.2.1", "198.51.100.8")).doesNotThrowAnyException();
  }

  @Test
  void
      forged_forwarded_addresses_give_one_caller_a_hundred_attempts_and_lock_out_no_other_caller() {
    long compared = 0;
    for (int i = 0; i < 1_000; i++) {
      compared += refusal(WRONG, "192.0.2.1", "10.1.1." + i % 256).status() == 401 ? 1 : 0;
    }

    assertThat(compared).isEqualTo(100);
    assertThatCode(() -> admit(RIGHT, "192.0.2.2", "10.1.1.1")).doesNotThrowAnyException();
  }

  @Test
  void anIpv6NetworkIsOneCaller() {
    for (int i = 0; i < 10; i++) {
      assertThat(refusal(WRONG, "2001:db8:0:1::" + i).status()).isEqualTo(401);
    }
    assertThat(refusal(RIGHT, "2001:db8:0:1:ffff::").status()).isEqualTo(429);
    assertThatCode(() -> admit(RIGHT, "2001:db8:0:2::1", null)).doesNotThrowAnyException();
  }

  @Test
  void rightAndMissingTokensChargeNothing() {
    for (int i = 0; i < 1_000; i++) {
      admit(RIGHT, "192.0.2.1", null);
      assertThat(refusal(null, "192.0.2.1").status()).isEqualTo(401);
      assertThat(refusal("Basic dG9rZW4=", "192.0.2.1").status()).isEqualTo(401);
    }
  }

  @Test
  void memoryIsBoundedWhateverTheNumberOfPeers() {
    WrongTokens wrongTokens = new WrongTokens();
    for (int i = 0; i < 20_000; i++) {
      wrongTokens.waitNanos(Peer.of("10.0." + i / 256 + "." + i % 256, "not an address"), false, 0);
    }
    assertThat(wrongTokens.buckets()).isEqualTo(WrongTokens.MAX_BUCKETS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "fifteen-chars-x", "sixteen chars xx", "sixteen-chars-xü"})
  void aShortOrUnprintableTokenIsAnInvalidSetting(String unfit) {
    assertThat(AdminTokenForm.acceptable(unfit)).isFalse();
    assertThatThrownBy(() -> new ApiProperties(200, unfit, Duration.ZERO))
        .hasMessage("ADMIN_TOKEN must be " + AdminTokenForm.RULE);
    assertThat(AdminTokenForm.acceptable("x".repeat(513))).isFalse();
  }
}
