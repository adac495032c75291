package io.ratelimiter.service.api.mvc.rules;

import io.ratelimiter.service.api.http.HeadValidation;
import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.api.mvc.Correlation;
import io.ratelimiter.service.rules.Mode;
import io.ratelimiter.service.rules.json.RuleJsonReader;
import io.ratelimiter.service.rules.store.ChangeRequest;
import io.ratelimiter.service.rules.store.RuleFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Path, query and headers of a request to {@code /v1/admin/rules}; invalid ones are a 400. */
record AdminRulesQuery(HttpServletRequest request) {

  /** Author in the history: all callers share one token, so only the interface is known. */
  private static final String AUTHOR = "admin-api";

  private static final long DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;
  private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,17}");

  /**
   * The id in the path, in plain decimal digits as in every answer. Spring would also parse {@code
   * 0x1} and {@code 1;a=b} as 1.
   */
  long id(String written) {
    if (!ID.matcher(written).matches() || request.getRequestURI().indexOf(';') >= 0) {
      throw ProblemException.invalid(
          "id must be a whole number from 1 in plain decimal digits, as answers have it");
    }
    return Long.parseLong(written);
  }

  /** The JSON body; does not block, since the body is in memory. */
  JsonNode body() {
    HeadValidation.admitContentType(request.getContentType());
    try {
      return RuleJsonReader.parse(request.getInputStream().readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private @Nullable String value(String name) {
    String[] values = request.getParameterValues(name);
    if (values != null && values.length > 1) {
      throw ProblemException.invalid(name + " must be given once");
    }
    String value = values == null ? null : values[0];
    if (value != null && value.indexOf('\0') >= 0) {
      throw ProblemException.invalid(name + " must not have the character NUL");
    }
    return value;
  }

  long number(String name, long defaultValue) {
    String value = value(name);
    if (value == null) {
      return defaultValue;
    }
    if (!value.matches("\\d{1,18}")) {
      throw ProblemException.invalid(name + " must be a whole number, not \"" + value + "\"");
    }
    return Long.parseLong(value);
  }

  /** Max number of entries of a page. */
  int limit() {
    long limit = number("limit", DEFAULT_LIMIT);
    if (limit < 1 || limit > MAX_LIMIT) {
      throw ProblemException.invalid("limit must be 1 to %d, not %d".formatted(MAX_LIMIT, limit));
    }
    return (int) limit;
  }

  private @Nullable Boolean flag(String name) {
    String value = value(name);
    return switch (value) {
      case null -> null;
      case "true" -> true;
      case "false" -> false;
      default ->
          throw ProblemException.invalid(name + " must be true or false, not \"" + value + "\"");
    };
  }

  RuleFilter filter() {
    String limitKey = value("limit_key");
    return new RuleFilter(
        value("tenant"),
        value("client_id"),
        limitKey == null ? value("endpoint") : limitKey,
        value("name"),
        mode(),
        flag("enabled"));
  }

  private @Nullable Mode mode() {
    String mode = value("mode");
    return mode == null
        ? null
        : Mode.named(mode)
            .orElseThrow(() ->
                ProblemException.invalid(
                    "mode must be " + Mode.WIRE_NAMES + ", not \"" + mode + "\""));
  }

  ChangeRequest changeRequest() {
    return new ChangeRequest(
        AUTHOR,
        Correlation.of(request),
        preconditions()::admit,
        Boolean.TRUE.equals(flag("validate_only")));
  }

  Preconditions preconditions() {
    return Preconditions.of(request);
  }
}
