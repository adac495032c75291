package io.ratelimiter.service.api;

import java.util.Locale;

/** What heads must say. */
final class Heads {

  private Heads() {}

  /**
   * Looks at method and accepted media type of a request without a body.
   *
   * @throws ProblemException 405 or 406
   */
  static void admit(RequestHead head, String method) {
    if (!head.method().equals(method)) {
      throw new ProblemException(
          Problem.of(
              405,
              "the method must be %s, not %s".formatted(method, head.method()),
              new Header("Allow", method)));
    }
    String accept = head.header("Accept");
    if (accept != null && !MediaTypes.acceptsJson(accept)) {
      throw new ProblemException(Problem.of(406, "Accept must allow application/json"));
    }
  }

  /**
   * Looks at method, media types and length of a POST with a JSON body.
   *
   * @throws ProblemException 405, 406, 413 or 415
   */
  static void admitJson(RequestHead head, int maxBodyBytes) {
    admit(head, "POST");
    admitContent(head);
    admitLength(head, maxBodyBytes);
  }

  /**
   * Looks at the length of the body, where the head says it.
   *
   * @throws ProblemException 413
   */
  static void admitLength(RequestHead head, int maxBodyBytes) {
    String length = head.header("Content-Length");
    // Nothing longer than ten digits is within any bound, and the edge refuses what is no number.
    if (length != null && (length.length() > 10 || Long.parseLong(length) > maxBodyBytes)) {
      throw new ProblemException(tooLarge(maxBodyBytes));
    }
  }

  static Problem tooLarge(int maxBodyBytes) {
    return Problem.of(413, "the body must have at most " + maxBodyBytes + " bytes");
  }

  private static void admitContent(RequestHead head) {
    MediaTypes.admitJson(head.header("Content-Type"));
    String coding = head.header("Content-Encoding");
    if (coding != null && !coding.toLowerCase(Locale.ROOT).equals("identity")) {
      throw new ProblemException(
          Problem.of(
              415,
              "Content-Encoding must be identity: compressed bodies are not read",
              new Header("Accept-Encoding", "identity")));
    }
  }
}
