package io.ratelimiter.service.api;

import io.ratelimiter.service.check.CheckAnswer;
import io.ratelimiter.service.check.Checks;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.rules.ActiveRules;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code ANY /v1/authz/**}: a check in headers and status, for nginx, Traefik and Envoy. */
public final class AuthzEndpoint implements Endpoint {

  private static final byte[] NOTHING = new byte[0];

  private final Checks checks;
  private final AuthzReader reader;
  private final DecisionAnswers answers;

  public AuthzEndpoint(Checks checks, ActiveRules rules, ProblemWriter problems) {
    this.checks = checks;
    this.reader = new AuthzReader(rules);
    this.answers = new DecisionAnswers(problems);
  }

  /** Proxies may send the original body along; it is of no interest. */
  @Override
  public int maxBodyBytes() {
    return IGNORED;
  }

  @Override
  public void admit(RequestHead head) {
    // Whatever the method is, it is the original request's.
  }

  @Override
  public CompletionStage<Answer> answer(RequestHead head, String correlationId, byte[] body) {
    Query query = new Query(head.query());
    int blockedStatus = blockedStatus(query.get("blocked_status"));
    return checks
        .check(reader.check(head, query), correlationId)
        .thenApply(answer -> answers.render(answer, status(answer, blockedStatus), null, NOTHING));
  }

  private static int status(CheckAnswer answer, int blockedStatus) {
    return answer.decision() instanceof Decision.Allowed ? 200 : blockedStatus;
  }

  private static int blockedStatus(@Nullable String given) {
    if (given == null) {
      return 429;
    }
    if (!List.of("403", "429").contains(given)) {
      throw ProblemException.invalid("blocked_status must be 403 or 429");
    }
    return Integer.parseInt(given);
  }
}
