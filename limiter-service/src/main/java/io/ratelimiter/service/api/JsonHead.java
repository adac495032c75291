package io.ratelimiter.service.api;

import java.util.Locale;

/** What the head of every request with a JSON body must say. */
final class JsonHead {

  private JsonHead() {}

  /**
   * Looks at method, media types and length.
   *
   * @throws ProblemException 405, 406, 413 or 415
   */
  static void admit(RequestHead head, int maxBodyBytes) {
    admitMethod(head);
    admitMediaTypes(head);
    String length = head.header("Content-Length");
    // Nothing longer than ten digits is within any bound, and the edge refuses what is no number.
    if (length != null && (length.length() > 10 || Long.parseLong(length) > maxBodyBytes)) {
      throw new ProblemException(tooLarge(maxBodyBytes));
    }
  }

  static Problem tooLarge(int maxBodyBytes) {
    return Problem.of(413, "the body must have at most " + maxBodyBytes + " bytes");
  }

  private static void admitMethod(RequestHead head) {
    if (!head.method().equals("POST")) {
      throw new ProblemException(
          Problem.of(
              405, "the method must be POST, not " + head.method(), new Header("Allow", "POST")));
    }
  }

  private static void admitMediaTypes(RequestHead head) {
    String type = head.header("Content-Type");
    if (type == null || !MediaTypes.isJson(type)) {
      throw new ProblemException(
          Problem.of(
              415,
              "Content-Type must be application/json in UTF-8",
              new Header("Accept", MediaTypes.JSON)));
    }
    String coding = head.header("Content-Encoding");
    if (coding != null && !coding.toLowerCase(Locale.ROOT).equals("identity")) {
      throw new ProblemException(
          Problem.of(
              415,
              "Content-Encoding must be identity: compressed bodies are not read",
              new Header("Accept-Encoding", "identity")));
    }
    String accept = head.header("Accept");
    if (accept != null && !MediaTypes.acceptsJson(accept)) {
      throw new ProblemException(Problem.of(406, "Accept must allow application/json"));
    }
  }
}
