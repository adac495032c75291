package io.ratelimiter.service.api;

import io.ratelimiter.service.check.UniqueIds;
import org.jspecify.annotations.Nullable;

/** Keeps the caller's correlation id where it is one, and makes one where it is not. */
public final class CorrelationIds {

  /** The header, in and out. */
  public static final String HEADER = "X-Correlation-ID";

  private static final int MAX_LENGTH = 128;

  private final UniqueIds ids = new UniqueIds();

  /**
   * The id of a request.
   *
   * @param sent as the caller sent it; kept when it matches {@code [A-Za-z0-9._-]{1,128}} whole
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
