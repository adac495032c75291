package io.ratelimiter.service.api.mvc;

import io.ratelimiter.service.api.ProblemException;
import io.ratelimiter.service.rules.ChangeRequest;
import io.ratelimiter.service.rules.Mode;
import io.ratelimiter.service.rules.RuleFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** What a request to {@code /v1/admin/rules} says beside its body; what is wrong in it is a 400. */
record AdminRulesQuery(HttpServletRequest request) {

  /** Only the holder of one token comes here, so the history names the way he came. */
  private static final String AUTHOR = "admin-api";

  private static final long DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;
  private static final Pattern ETAG = Pattern.compile("\"(?<revision>\\d{1,18})\"");

  /** A tag that no rule ever had. */
  private static final long NO_REVISION = -1;

  private @Nullable String value(String name) {
    return request.getParameter(name);
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
        seenRevision(request.getHeader(HttpHeaders.IF_MATCH)),
        Boolean.TRUE.equals(flag("validate_only")));
  }

  private static OptionalLong seenRevision(@Nullable String ifMatch) {
    if (ifMatch == null || ifMatch.strip().equals("*")) {
      return OptionalLong.empty();
    }
    Matcher tag = ETAG.matcher(ifMatch.strip());
    return OptionalLong.of(tag.matches() ? Long.parseLong(tag.group("revision")) : NO_REVISION);
  }
}
