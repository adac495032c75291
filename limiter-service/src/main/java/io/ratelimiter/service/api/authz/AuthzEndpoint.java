package io.ratelimiter.service.api.authz;

import io.ratelimiter.service.api.codec.DecisionAnswers;
import io.ratelimiter.service.api.endpoints.Endpoint;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.ProblemWriter;
import io.ratelimiter.service.api.http.RequestHead;
import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.check.Checks;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.rules.ActiveRules;
import java.util.concurrent.CompletionStage;

/**
 * Answers checks of proxies with headers and status; ignores the body of the original request. The
 * path, as sent, selects one of three forms:
 *
 * <ul>
 *   <li>{@code /v1/authz?options}: the proxy sets the whole URL
 *   <li>{@code /v1/authz/…}: the proxy appends the original path and query; there are no options
 *   <li>{@code /v1/authz-with/options/…}: the same with options
 * </ul>
 */
public final class AuthzEndpoint implements Endpoint {

  /** Path of the first form, and with a slash the prefix of the second. */
  public static final String PATH = "/v1/authz";

  /** Prefix of the third form. */
  public static final String WITH = "/v1/authz-with/";

  private static final byte[] EMPTY = new byte[0];

  private final Checks checks;
  private final AuthzReader reader;
  private final DecisionAnswers answers;

  public AuthzEndpoint(Checks checks, ActiveRules rules, ProblemWriter problems) {
    this.checks = checks;
    this.reader = new AuthzReader(rules);
    this.answers = new DecisionAnswers(problems);
  }

  /** Whether a path, as sent, is one of the three forms. */
  public static boolean at(String path) {
    return path.startsWith(PATH)
        && (path.length() == PATH.length()
            || path.charAt(PATH.length()) == '/'
            || path.startsWith(WITH));
  }

  @Override
  public void admit(RequestHead head) {
    // Any method is valid: it is that of the original request.
  }

  @Override
  public CompletionStage<Answer> answer(RequestHead head, String correlationId, byte[] body) {
    String path = head.path();
    if (path.equals(PATH)) {
      AuthzOptions options = AuthzOptions.ofQuery(head.query());
      return answer(reader.check(head, options, null), correlationId, options.blockedStatus());
    }
    if (!path.startsWith(WITH)) {
      return answer(reader.check(head, AuthzOptions.NONE, null), correlationId, 429);
    }
    int end = path.indexOf('/', WITH.length());
    String segment = path.substring(WITH.length(), end < 0 ? path.length() : end);
    AuthzOptions options = AuthzOptions.ofSegment(segment);
    String appended = AuthzReader.appendedText(end < 0 ? "/" : path.substring(end));
    return answer(reader.check(head, options, appended), correlationId, options.blockedStatus());
  }

  private CompletionStage<Answer> answer(Check check, String correlationId, int blockedStatus) {
    return checks.check(check, correlationId).thenApply(result -> render(result, blockedStatus));
  }

  /** A proxy cannot wait itself, so its answer is always held. */
  private Answer render(CheckResult result, int blockedStatus) {
    Answer answer = render(result, 0, blockedStatus);
    return result.check().options().maxWaitMillis() == 0
        ? answer
        : DecisionAnswers.held(
            result, answer, heldMicros -> render(result, heldMicros, blockedStatus));
  }

  private Answer render(CheckResult result, long heldMicros, int blockedStatus) {
    return answers.render(result, heldMicros, status(result, blockedStatus), null, () -> EMPTY);
  }

  private static int status(CheckResult answer, int blockedStatus) {
    return answer.decision() instanceof Decision.Allowed ? 200 : blockedStatus;
  }
}
