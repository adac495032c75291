package io.ratelimiter.service.api;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The two media types of the contract, and what callers say of theirs. */
public final class MediaTypes {

  public static final String JSON = "application/json";
  public static final String PROBLEM = "application/problem+json";

  private MediaTypes() {}

  /**
   * Checks the {@code Content-Type} of a body.
   *
   * @throws ProblemException 415, unless it names JSON in UTF-8
   */
  public static void admitJson(@Nullable String contentType) {
    if (contentType == null || !isJson(contentType)) {
      throw new ProblemException(
          Problem.of(
              415, "Content-Type must be application/json in UTF-8", new Header("Accept", JSON)));
    }
  }

  /** Whether a {@code Content-Type} says JSON in UTF-8. */
  static boolean isJson(String contentType) {
    if (contentType.equals(JSON)) {
      return true;
    }
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
    if (!parts[0].strip().equals(JSON)) {
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

  /** Whether an {@code Accept} leaves room for JSON. */
  static boolean acceptsJson(String accept) {
    for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
      String type = range.split(";", 2)[0].strip();
      switch (type) {
        case "*/*", "application/*", JSON, PROBLEM -> {
          return true;
        }
        default -> {
          // Another type: the next range may fit.
        }
      }
    }
    return accept.isBlank();
  }
}
