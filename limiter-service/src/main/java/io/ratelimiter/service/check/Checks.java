package io.ratelimiter.service.check;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.Match;
import java.time.InstantSource;
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
   * Decides a check; publishes and counts the decision unless the cost is 0. Never blocks;
   * completes where the limiter does, on the store's event loop or a timer.
   */
  public CompletionStage<CheckResult> check(Check check, String correlationId) {
    long startNanos = System.nanoTime();
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

  private CheckResult result(Check check, String correlationId, Decision decision, long nanos) {
    String decisionId = check.peek() ? null : decisionIds.next();
    return new CheckResult(decisionId, correlationId, check, decision, nanos / 1_000);
  }

  private void publish(CheckResult result, CheckTrace trace, long nanos) {
    trace.within(() -> publisher.publish(result));
    trace.decided(result);
    metrics.decided(result.check(), result.decision(), nanos);
  }
}
