package io.ratelimiter.service.api.http;

import io.ratelimiter.service.check.UniqueIds;
import org.jspecify.annotations.Nullable;

/** Uses the caller's correlation id if it is valid, else a new one. */
public final class CorrelationIds {

  /** Name of the header, in requests and answers. */
  public static final String HEADER = "X-Correlation-ID";

  private static final int MAX_LENGTH = 128;

  private final UniqueIds ids = new UniqueIds();

  /**
   * The id of a request.
   *
   * @param sent the caller's; valid when it matches {@code [A-Za-z0-9._-]{1,128}}; null without one
   */
  public String of(@Nullable String sent) {
    return sent != null && valid(sent) ? sent : ids.next();
  }

  private static boolean valid(String sent) {
    if (sent.isEmpty() || sent.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < sent.length(); i++) {
      if (!allowed(sent.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean allowed(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }
}
