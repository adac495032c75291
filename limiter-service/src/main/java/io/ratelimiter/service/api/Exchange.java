package io.ratelimiter.service.api;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One request and its answer, whatever server carries them: an edge asks {@link #refusal} when it
 * has the head, reads the body within {@link #maxBodyBytes}, and writes what {@link #answer} gives.
 */
public final class Exchange {

  /** The correlation id on a request's span. */
  public static final AttributeKey<String> CORRELATION_ID =
      AttributeKey.stringKey("ratelimiter.correlation_id");

  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  private static final Problem FAILED =
      Problem.of(500, "the service failed; its log has the correlation id");

  private final Endpoint endpoint;
  private final RequestHead head;
  private final String correlationId;
  private final ProblemWriter problems;

  /** The body may come on another thread than the head: what it asks belongs to this trace. */
  private final Context trace = Context.current();

  public Exchange(
      Endpoint endpoint, RequestHead head, CorrelationIds correlationIds, ProblemWriter problems) {
    this.endpoint = endpoint;
    this.head = head;
    this.correlationId = correlationIds.of(head.header(CorrelationIds.HEADER));
    this.problems = problems;
    Span.fromContext(trace).setAttribute(CORRELATION_ID, correlationId);
  }

  /** The id of the request and of its answer. */
  public String correlationId() {
    return correlationId;
  }

  /** Largest body that may be read, bytes; 0 when none is looked at. */
  public int maxBodyBytes() {
    return Math.max(0, endpoint.maxBodyBytes());
  }

  /** Whether a body is to be thrown away, and the answer made without it. */
  public boolean ignoresBody() {
    return endpoint.maxBodyBytes() == Endpoint.IGNORED;
  }

  /** What to answer without reading the body; null when the head is good. */
  public @Nullable Answer refusal() {
    try {
      endpoint.admit(head);
      return null;
    } catch (ProblemException e) {
      return problem(e.problem());
    }
  }

  /** The answer to a body that is longer than it may be. */
  public Answer tooLarge() {
    return problem(Heads.tooLarge(endpoint.maxBodyBytes()));
  }

  /** The answer while too many others are being made. */
  public Answer overloaded() {
    return unavailable("too many requests are being answered already");
  }

  /** The answer to a large body while too much of others is held. */
  public Answer crowdedOut() {
    return problem(LargeBodies.CROWDED_OUT);
  }

  /** The answer when none has been made in time. */
  public Answer unanswered() {
    return unavailable("no answer could be made in time");
  }

  /** The answer when the service failed while it made one. */
  public Answer failed() {
    return problem(FAILED);
  }

  private Answer unavailable(String detail) {
    return problem(Problem.unavailable(detail));
  }

  /** The answer to a body that has not come in time. */
  public Answer bodyTooSlow(Duration bound) {
    return problem(
        Problem.of(408, "the body has not come within %d s".formatted(bound.toSeconds())));
  }

  /** The answer with this problem. */
  public Answer problem(Problem problem) {
    return problems.answer(problem, correlationId);
  }

  /**
   * Answers; whatever goes wrong is an answer too. Never blocks and never fails; completes where
   * the endpoint does.
   */
  public CompletionStage<Answer> answer(byte[] body) {
    try (Scope _ = trace.makeCurrent()) {
      return endpoint.answer(head, correlationId, body).exceptionally(this::failure);
    } catch (RuntimeException e) {
      return CompletableFuture.completedStage(failure(e));
    }
  }

  private Answer failure(Throwable thrown) {
    Throwable failure =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (failure instanceof ProblemException expected) {
      return problem(expected.problem());
    }
    if (failure instanceof StoreUnavailableException) {
      return problem(
          new Problem(
              503,
              "the store does not answer, and this needs it",
              "store_unavailable",
              List.of(new Header("Retry-After", "1"))));
    }
    try (MDC.MDCCloseable _ = MDC.putCloseable("correlation_id", correlationId)) {
      log.error("{} {} failed", head.method(), head.path(), failure);
    }
    return failed();
  }
}
