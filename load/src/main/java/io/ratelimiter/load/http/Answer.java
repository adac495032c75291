package io.ratelimiter.load.http;

/**
 * One answered request.
 *
 * @param status HTTP status
 * @param body the body as received
 * @param atNanos when it was complete, {@link System#nanoTime}
 */
public record Answer(int status, String body, long atNanos) {

  private static final String DECISION_ID = "\"decision_id\":\"";

  /** The id of the decision; empty if the body has none. */
  public String decisionId() {
    int start = body.indexOf(DECISION_ID);
    return start < 0
        ? ""
        : body.substring(
            start + DECISION_ID.length(), body.indexOf('"', start + DECISION_ID.length()));
  }

  /** Whether the check is allowed. */
  public boolean allowed() {
    return body.startsWith("{\"allowed\":true");
  }
}
