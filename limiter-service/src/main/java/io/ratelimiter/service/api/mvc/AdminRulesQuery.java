package io.ratelimiter.service.api.mvc;

import io.ratelimiter.service.api.MediaTypes;
import io.ratelimiter.service.api.ProblemException;
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

/** What a request to {@code /v1/admin/rules} says beside its body; what is wrong in it is a 400. */
record AdminRulesQuery(HttpServletRequest request) {

  /** Only the holder of one token comes here, so the history names the way he came. */
  private static final String AUTHOR = "admin-api";

  private static final long DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;
  private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,17}");

  /**
   * The id in the path: plain decimal digits, as every answer writes it. Spring would also read
   * {@code 0x1} and {@code 1;a=b} as 1.
   */
  long id(String written) {
    if (!ID.matcher(written).matches() || request.getRequestURI().indexOf(';') >= 0) {
      throw ProblemException.invalid(
          "id must be a whole number from 1 in plain decimal digits, as answers have it");
    }
    return Long.parseLong(written);
  }

  /** The JSON of the body, which is in memory already. */
  JsonNode body() {
    MediaTypes.admitJson(request.getContentType());
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

  long number(String name, long otherwise) {
    String value = value(name);
    if (value == null) {
      return otherwise;
    }
    if (!value.matches("\\d{1,18}")) {
      throw ProblemException.invalid(name + " must be a whole number, not \"" + value + "\"");
    }
    return Long.parseLong(value);
  }

  /** How many entries a page has at most. */
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
