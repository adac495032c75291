package io.ratelimiter.service.page;

import io.ratelimiter.service.analytics.Span;
import io.ratelimiter.service.api.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Query parameters of the page's requests; an invalid one is a 400 that names it. */
record Parameters(HttpServletRequest request) {

  private static final int MAX_TEXT = 1_024;

  @Nullable String textOrNull(String name) {
    String[] values = request.getParameterValues(name);
    if (values != null && values.length > 1) {
      throw ProblemException.invalid(name + " must be given once");
    }
    String value = values == null ? null : values[0];
    if (value != null && value.length() > MAX_TEXT) {
      throw ProblemException.invalid(name + " must have at most " + MAX_TEXT + " characters");
    }
    if (value != null && value.indexOf('\0') >= 0) {
      throw ProblemException.invalid(name + " must not have the character NUL");
    }
    return value == null || value.isEmpty() ? null : value;
  }

  String text(String name, String defaultValue) {
    String value = textOrNull(name);
    return value == null ? defaultValue : value;
  }

  String text(String name) {
    String value = textOrNull(name);
    if (value == null) {
      throw ProblemException.invalid(name + " is required");
    }
    return value;
  }

  long number(String name, long defaultValue, long min, long max) {
    String value = textOrNull(name);
    return value == null ? defaultValue : number(name, value, min, max);
  }

  static long number(String name, String value, long min, long max) {
    if (value.matches("[0-9]{1,18}")) {
      long number = Long.parseLong(value);
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw ProblemException.invalid(
        "%s must be a whole number, %d to %d, not \"%s\"".formatted(name, min, max, value));
  }

  boolean flag(String name) {
    String value = text(name, "false");
    if (!value.equals("true") && !value.equals("false")) {
      throw ProblemException.invalid(name + " must be true or false, not \"" + value + "\"");
    }
    return value.equals("true");
  }

  /** {@code from} and {@code to}, as {@code 2026-11-27T00:00:00Z}. */
  Span span() {
    try {
      return new Span(time("from"), time("to"));
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid(String.valueOf(e.getMessage()));
    }
  }

  private Instant time(String name) {
    String value = text(name);
    try {
      Instant time = Instant.parse(value);
      if (time.isAfter(Instant.EPOCH) && time.isBefore(Instant.ofEpochSecond(253_402_300_800L))) {
        return time;
      }
    } catch (DateTimeException e) {
      throw notATime(name, value);
    }
    throw notATime(name, value);
  }

  private static ProblemException notATime(String name, String value) {
    return ProblemException.invalid(
        "%s must be a time from 1970 to 9999, as 2026-11-27T00:00:00Z, not \"%s\""
            .formatted(name, value));
  }
}
