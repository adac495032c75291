package io.ratelimiter.service.api.mvc.rules;

import io.ratelimiter.service.api.http.Header;
import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * The conditions of a request, RFC 9110, section 13. A rule's entity tag is its revision, as a
 * strong tag.
 *
 * @param ifMatch must contain the rule's tag, compared strongly; null: no condition
 * @param ifNoneMatch must not contain the rule's tag, compared weakly; null: no condition
 */
record Preconditions(@Nullable EntityTags ifMatch, @Nullable EntityTags ifNoneMatch) {

  /**
   * Reads the conditions of a request.
   *
   * @throws ProblemException 400, when a header is neither {@code *} nor a list of tags
   */
  static Preconditions of(HttpServletRequest request) {
    return new Preconditions(
        EntityTags.read(HttpHeaders.IF_MATCH, request.getHeaders(HttpHeaders.IF_MATCH)),
        EntityTags.read(HttpHeaders.IF_NONE_MATCH, request.getHeaders(HttpHeaders.IF_NONE_MATCH)));
  }

  static String tag(long revision) {
    return "\"" + revision + "\"";
  }

  /**
   * Whether the rule may be changed.
   *
   * @param revision of the stored rule; empty without one
   */
  boolean admit(OptionalLong revision) {
    return matched(revision) && !found(revision);
  }

  private boolean matched(OptionalLong revision) {
    return ifMatch == null
        || (revision.isPresent() && ifMatch.hasStrong(tag(revision.getAsLong())));
  }

  private boolean found(OptionalLong revision) {
    return ifNoneMatch != null
        && revision.isPresent()
        && ifNoneMatch.has(tag(revision.getAsLong()));
  }

  /**
   * Whether a GET is answered with 304, because the caller has this revision already.
   *
   * @throws ProblemException 412, when {@code If-Match} does not match
   */
  boolean notModified(long revision) {
    if (!matched(OptionalLong.of(revision))) {
      throw failed(revision);
    }
    return found(OptionalLong.of(revision));
  }

  /**
   * The problem of conditions that do not hold: 412.
   *
   * @param revision of the stored rule; null without one
   */
  ProblemException failed(@Nullable Long revision) {
    if (revision == null) {
      return new ProblemException(Problem.of(412, "If-Match: there is no such rule yet"));
    }
    String detail =
        matched(OptionalLong.of(revision))
            ? "If-None-Match: the rule is there, at revision %d"
            : "If-Match: the rule has revision %d by now";
    return new ProblemException(
        Problem.of(412, detail.formatted(revision), new Header("ETag", tag(revision))));
  }
}
