package io.ratelimiter.service.api.http;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Validates the head of a request before its body is read. */
public final class HeadValidation {

  private static final Set<String> JSON_RANGES =
      Set.of("*/*", "application/*", Answer.JSON, Answer.PROBLEM);

  private HeadValidation() {}

  /**
   * Validates method and accepted media type of a request without a body.
   *
   * @throws ProblemException 405 or 406
   */
  public static void admit(RequestHead head, String method) {
    if (!head.method().equals(method)) {
      throw new ProblemException(
          Problem.of(
              405,
              "the method must be %s, not %s".formatted(method, head.method()),
              new Header("Allow", method)));
    }
    String accept = head.header("Accept");
    if (accept != null && !acceptsJson(accept)) {
      throw new ProblemException(Problem.of(406, "Accept must allow application/json"));
    }
  }

  /**
   * Validates method, media types and length of a POST with a JSON body.
   *
   * @throws ProblemException 405, 406, 413 or 415
   */
  public static void admitJson(RequestHead head, int maxBodyBytes) {
    admit(head, "POST");
    admitContentType(head.header("Content-Type"));
    admitCoding(head.header("Content-Encoding"));
    admitLength(head, maxBodyBytes);
  }

  /**
   * Validates the {@code Content-Type} of a body.
   *
   * @throws ProblemException 415, unless it is JSON in UTF-8
   */
  public static void admitContentType(@Nullable String contentType) {
    if (contentType == null || !isJson(contentType)) {
      throw new ProblemException(
          Problem.of(
              415,
              "Content-Type must be application/json in UTF-8",
              new Header("Accept", Answer.JSON)));
    }
  }

  /**
   * Validates the announced length of the body, if there is one.
   *
   * @throws ProblemException 413
   */
  public static void admitLength(RequestHead head, int maxBodyBytes) {
    String length = head.header("Content-Length");
    // More than ten digits exceed every max; the decoder has refused what is not a number.
    if (length != null && (length.length() > 10 || Long.parseLong(length) > maxBodyBytes)) {
      throw new ProblemException(tooLarge(maxBodyBytes));
    }
  }

  /** 413: the body exceeds its max size. */
  public static Problem tooLarge(int maxBodyBytes) {
    return Problem.of(413, "the body must have at most " + maxBodyBytes + " bytes");
  }

  private static void admitCoding(@Nullable String coding) {
    if (coding != null && !coding.toLowerCase(Locale.ROOT).equals("identity")) {
      throw new ProblemException(
          Problem.of(
              415,
              "Content-Encoding must be identity: compressed bodies are not read",
              new Header("Accept-Encoding", "identity")));
    }
  }

  private static boolean isJson(String contentType) {
    if (contentType.equals(Answer.JSON)) {
      return true;
    }
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
    if (!parts[0].strip().equals(Answer.JSON)) {
      return false;
    }
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().replace("\"", "");
      if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
        return false;
      }
    }
    return true;
  }

  private static boolean acceptsJson(String accept) {
    if (accept.equals("*/*") || accept.equals(Answer.JSON)) {
      return true;
    }
    return accept.isBlank()
        || Arrays.stream(accept.toLowerCase(Locale.ROOT).split(",", -1))
            .anyMatch(range -> JSON_RANGES.contains(range.split(";", 2)[0].strip()));
  }
}
