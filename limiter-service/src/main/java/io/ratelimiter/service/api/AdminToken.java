package io.ratelimiter.service.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Who may use the admin plane: whoever has the token, and nobody where none is set. */
public final class AdminToken {

  private static final String SCHEME = "Bearer ";

  private final byte @Nullable [] expected;

  /**
   * The token that opens the admin plane.
   *
   * @param token null or empty: it stays closed
   */
  public AdminToken(@Nullable String token) {
    expected = token == null || token.isEmpty() ? null : token.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Lets a caller in, or not. Takes as long for any wrong token of the same length.
   *
   * @param authorization the header, as sent
   * @throws ProblemException 401 when it is missing or wrong, 403 when no token is set
   */
  public void admit(@Nullable String authorization) {
    if (expected == null) {
      throw new ProblemException(
          Problem.of(403, "the admin plane is closed: ADMIN_TOKEN is not set"));
    }
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        || !MessageDigest.isEqual(expected, sent(authorization))) {
      throw new ProblemException(
          Problem.of(
              401,
              "Authorization must be Bearer and the value of ADMIN_TOKEN",
              new Header("WWW-Authenticate", "Bearer realm=\"admin\"")));
    }
  }

  private static byte[] sent(String authorization) {
    return authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.ISO_8859_1);
  }
}
