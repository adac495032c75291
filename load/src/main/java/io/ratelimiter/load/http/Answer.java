package io.ratelimiter.load.http;

/**
 * One answered request.
 *
 * @param status HTTP status
 * @param body as it came
 * @param atNanos when it had come whole, {@link System#nanoTime}
 */
public record Answer(int status, String body, long atNanos) {

  private static final String DECISION_ID = "\"decision_id\":\"";

  /** The decision that it tells; empty when it tells none. */
  public String decisionId() {
    int start = body.indexOf(DECISION_ID);
    return start < 0
        ? ""
        : body.substring(
            start + DECISION_ID.length(), body.indexOf('"', start + DECISION_ID.length()));
  }

  /** The verdict at the top of the answer. */
  public boolean allowed() {
    return body.startsWith("{\"allowed\":true");
  }
}
