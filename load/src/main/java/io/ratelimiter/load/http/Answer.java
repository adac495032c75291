package io.ratelimiter.load.http;

import java.util.regex.Pattern;

/**
 * One answered request.
 *
 * @param status HTTP status
 * @param body the body as received
 * @param atNanos when it was complete, {@link System#nanoTime}
 */
public record Answer(int status, String body, long atNanos) {

  private static final String DECISION_ID = "\"decision_id\":\"";
  private static final Pattern MODE = Pattern.compile("\"mode\":");

  /** The id of the decision; empty if the body has none. */
  public String decisionId() {
    int start = body.indexOf(DECISION_ID);
    return start < 0
        ? ""
        : body.substring(
            start + DECISION_ID.length(), body.indexOf('"', start + DECISION_ID.length()));
  }

  /** Number of limits of the check; each has one mode. */
  public int limits() {
    return (int) MODE.matcher(body).results().count();
  }

  /** Whether the check is allowed. */
  public boolean allowed() {
    return body.startsWith("{\"allowed\":true");
  }
}
