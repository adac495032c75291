package io.ratelimiter.service.api.access;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.ratelimiter.service.api.http.Header;
import io.ratelimiter.service.api.http.Peer;
import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.api.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requires the bearer token of the admin plane; without a configured token the plane is closed.
 * Wrong tokens are counted and logged, and {@link WrongTokens} limits their rate. Thread-safe,
 * never blocks.
 */
public final class AdminToken {

  private static final Logger log = LoggerFactory.getLogger(AdminToken.class);
  private static final String SCHEME = "Bearer ";
  private static final String WRONG_TOKENS = "ratelimiter.admin.wrong.tokens";

  private final byte @Nullable [] expected;
  private final LongSupplier nanoClock;
  private final WrongTokens wrongTokens = new WrongTokens();
  private final Counter refused;
  private final Counter throttled;

  /**
   * Creates the check of the token.
   *
   * @param token null or empty: the plane stays closed
   * @param nanoClock a monotonic time, nanoseconds
   */
  public AdminToken(@Nullable String token, MeterRegistry registry, LongSupplier nanoClock) {
    this.expected =
        token == null || token.isEmpty() ? null : token.getBytes(StandardCharsets.UTF_8);
    this.nanoClock = nanoClock;
    this.refused = counter(registry, "refused");
    this.throttled = counter(registry, "throttled");
  }

  private static Counter counter(MeterRegistry registry, String answer) {
    return Counter.builder(WRONG_TOKENS)
        .description("Requests with a wrong admin token, or from a peer that sent too many of them")
        .tag("answer", answer)
        .register(registry);
  }

  /**
   * Returns normally if the request is admitted. The comparison takes the same time for every wrong
   * token of one length. A peer that sent too many wrong tokens must wait even with the right one;
   * otherwise the answers would reveal the right token.
   *
   * @throws ProblemException 401 when the token is missing or wrong, 403 when none is configured,
   *     429 with {@code Retry-After} after too many wrong ones
   */
  public void admit(RequestHead head) {
    if (expected == null) {
      throw new ProblemException(
          Problem.of(403, "the admin plane is closed: ADMIN_TOKEN is not set"));
    }
    String authorization = head.header("Authorization");
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw unauthorized();
    }
    admit(MessageDigest.isEqual(expected, sent(authorization)), head.peer());
  }

  private void admit(boolean right, Peer peer) {
    long waitNanos = wrongTokens.waitNanos(peer, right, nanoClock.getAsLong());
    if (waitNanos > 0) {
      throttled.increment();
      throw tooMany(waitNanos);
    }
    if (!right) {
      refused.increment();
      log.warn("Wrong admin token from {}", peer);
      throw unauthorized();
    }
  }

  private static byte[] sent(String authorization) {
    return authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static ProblemException unauthorized() {
    return new ProblemException(
        Problem.of(
            401,
            "Authorization must be Bearer and the value of ADMIN_TOKEN",
            new Header("WWW-Authenticate", "Bearer realm=\"admin\"")));
  }

  private static ProblemException tooMany(long waitNanos) {
    long seconds = Math.ceilDiv(waitNanos, TimeUnit.SECONDS.toNanos(1));
    return new ProblemException(
        Problem.of(
            429,
            "too many wrong admin tokens came from this address",
            new Header("Retry-After", Long.toString(seconds))));
  }
}
