package io.ratelimiter.service.check;

import io.ratelimiter.service.decisions.DecisionPublisher;
import io.ratelimiter.service.decisions.MadeDecision;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.Match;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;

/** The way of one check: match, decide, tell, answer. */
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
   * Decides a check and tells the decision to Kafka and the metrics; one of cost 0 is told to
   * nobody. Never blocks; completes where the limiter does, on the store's event loop or a timer.
   */
  public CompletionStage<CheckAnswer> check(Check check, String correlationId) {
    long startNanos = System.nanoTime();
    Asked asked = new Asked(check, correlationId, CheckTrace.begun());
    Match match =
        rules.current().match(check.tenant(), check.clientId(), check.limitKey(), clock.millis());
    return limiter
        .check(check, match)
        .thenApply(decision ->
            check.peek()
                ? new CheckAnswer(null, correlationId, check, decision)
                : tell(asked, decision, System.nanoTime() - startNanos));
  }

  private record Asked(Check check, String correlationId, CheckTrace trace) {}

  private CheckAnswer tell(Asked asked, Decision decision, long nanos) {
    String decisionId = decisionIds.next();
    Check check = asked.check();
    MadeDecision made =
        new MadeDecision(decisionId, asked.correlationId(), check, decision, nanos / 1_000);
    asked.trace().within(() -> publisher.publish(made));
    asked.trace().decided(decisionId, decision);
    metrics.decided(check, decision, nanos);
    return new CheckAnswer(decisionId, asked.correlationId(), check, decision);
  }
}
