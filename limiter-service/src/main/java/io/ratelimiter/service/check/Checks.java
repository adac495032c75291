package io.ratelimiter.service.check;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The use case of a check: match the rules, decide, publish, answer. */
public final class Checks {

  private final ActiveRules rules;
  private final Limiter limiter;
  private final DecisionPublisher publisher;
  private final CheckMetrics metrics;
  private final InstantSource clock;
  private final UniqueIds decisionIds = new UniqueIds();

  public Checks(
      ActiveRules rules,
      Limiter limiter,
      DecisionPublisher publisher,
      CheckMetrics metrics,
      InstantSource clock) {
    this.rules = rules;
    this.limiter = limiter;
    this.publisher = publisher;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Whether the max wait of a check is valid: it is 0, or not all of the enforcing limits that
   * apply are windows.
   */
  public boolean acceptsMaxWait(Check check) {
    if (check.options().maxWaitMillis() == 0) {
      return true;
    }
    List<Rule> enforcing =
        rules.current().match(check, clock.millis()).rules().stream()
            .filter(Rule::enforcing)
            .toList();
    return enforcing.isEmpty() || enforcing.stream().anyMatch(rule -> !isWindow(rule));
  }

  private static boolean isWindow(Rule rule) {
    return switch (rule.policy()) {
      case Policy.FixedWindow _, Policy.SlidingWindow _, Policy.SlidingWindowCounter _ -> true;
      case Policy.TokenBucket _, Policy.Ban _ -> false;
    };
  }

  /**
   * Decides a check; publishes and counts the decision unless the cost is 0. Never blocks;
   * completes where the limiter does, on the store's event loop or a timer.
   */
  public CompletionStage<CheckResult> check(Check requested, String correlationId) {
    long startNanos = System.nanoTime();
    Check check = requested.options().settles() ? withDecisionId(requested) : requested;
    CheckTrace trace = CheckTrace.ofThisRequest();
    Match match = rules.current().match(check, clock.millis());
    return limiter
        .check(check, match)
        .thenApply(decision -> {
          long nanos = System.nanoTime() - startNanos;
          CheckResult result = result(check, correlationId, decision, nanos);
          if (!check.peek()) {
            publish(result, trace, nanos);
          }
          return result;
        });
  }

  /** The store records a decision that can be settled under its id. */
  private Check withDecisionId(Check check) {
    return check.with(check.options().decidedAs(decisionIds.next()));
  }

  private CheckResult result(Check check, String correlationId, Decision decision, long nanos) {
    String decisionId = check.options().decisionId();
    if (decisionId == null && !check.peek()) {
      decisionId = decisionIds.next();
    }
    return new CheckResult(decisionId, correlationId, check, decision, nanos / 1_000);
  }

  private void publish(CheckResult result, CheckTrace trace, long nanos) {
    trace.within(() -> publisher.publish(result));
    trace.decided(result);
    metrics.decided(result.check(), result.decision(), nanos);
  }
}
