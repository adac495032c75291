package io.ratelimiter.service.api;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.CorrelationIds;
import io.ratelimiter.service.api.http.HeadValidation;
import io.ratelimiter.service.api.http.Header;
import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.api.http.ProblemWriter;
import io.ratelimiter.service.api.http.RequestHead;
import io.ratelimiter.service.limiter.StageFailure;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One request and its answer, independent of the server: the server calls {@link #refusal} with the
 * head, reads the body up to {@link #maxBodyBytes}, and sends what {@link #answer} returns.
 */
public final class Exchange {

  /** The correlation id on a request's span. */
  public static final AttributeKey<String> CORRELATION_ID =
      AttributeKey.stringKey("ratelimiter.correlation_id");

  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  private final Routes.Route route;
  private final RequestHead head;
  private final String correlationId;
  private final ProblemWriter problems;

  /** The body may arrive in a later event than the head; its work belongs to the same trace. */
  private final Context trace = Context.current();

  Exchange(
      Routes.Route route, RequestHead head, CorrelationIds correlationIds, ProblemWriter problems) {
    this.route = route;
    this.head = head;
    this.correlationId = correlationIds.of(head.header(CorrelationIds.HEADER));
    this.problems = problems;
    Span.fromContext(trace).setAttribute(CORRELATION_ID, correlationId);
  }

  /** Name of the endpoint in metrics. */
  public String endpointName() {
    return route.name();
  }

  /** Normalized path of a request for the {@link BlockingHandler}; null for any other. */
  public @Nullable String delegatedPath() {
    return route.endpoint() instanceof DelegatedEndpoint delegated ? delegated.path() : null;
  }

  /** The id of the request and of its answer. */
  public String correlationId() {
    return correlationId;
  }

  /** Max size of the body, bytes; 0: it is discarded and the answer made without it. */
  public int maxBodyBytes() {
    return route.endpoint().maxBodyBytes();
  }

  /** The answer to an invalid head; null when the head is valid. */
  public @Nullable Answer refusal() {
    try {
      route.endpoint().admit(head);
      return null;
    } catch (ProblemException e) {
      return problem(e.problem());
    }
  }

  /** 413: the body exceeds {@link #maxBodyBytes}. */
  public Answer tooLarge() {
    return problem(HeadValidation.tooLarge(maxBodyBytes()));
  }

  /** 503: too many requests are in flight. */
  public Answer overloaded() {
    return problem(Problem.unavailable("too many requests are being answered already"));
  }

  /** 503: the body budget is exhausted. */
  public Answer bodyBudgetExhausted() {
    return problem(Problem.unavailable("too many large bodies are being read already"));
  }

  /** 503: no answer was made within the time limit. */
  public Answer timedOut() {
    return problem(Problem.unavailable("no answer could be made in time"));
  }

  /** 500: the service failed while it made the answer. */
  public Answer failed() {
    return problem(Problem.FAILED);
  }

  /** 408: the body did not arrive within the time limit. */
  public Answer bodyTimedOut(Duration limit) {
    return problem(
        Problem.of(408, "the body has not come within %d s".formatted(limit.toSeconds())));
  }

  /** The answer with this problem. */
  public Answer problem(Problem problem) {
    return problems.answer(problem, correlationId);
  }

  /**
   * Answers the request. Never blocks and never fails: a failure becomes a problem.
   *
   * @param receiver gets the answer, on the thread on which the endpoint completes; must not throw
   */
  public void answer(byte[] body, Consumer<Answer> receiver) {
    CompletionStage<Answer> answer;
    try (Scope _ = trace.equals(Context.root()) ? Scope.noop() : trace.makeCurrent()) {
      answer = route.endpoint().answer(head, correlationId, body);
    } catch (RuntimeException e) {
      receiver.accept(failure(e));
      return;
    }
    var _ =
        answer.whenComplete(
            (made, failure) -> receiver.accept(failure == null ? made : failure(failure)));
  }

  private Answer failure(Throwable thrown) {
    Throwable failure = StageFailure.causeOf(thrown);
    if (failure instanceof ProblemException expected) {
      return problem(expected.problem());
    }
    if (failure instanceof StoreUnavailableException) {
      return problem(
          new Problem(
              503,
              "the store does not answer, and this request needs it",
              "store_unavailable",
              List.of(new Header("Retry-After", "1"))));
    }
    try (MDC.MDCCloseable _ = MDC.putCloseable("correlation_id", correlationId)) {
      log.error("{} {} failed", head.method(), head.path(), failure);
    }
    return failed();
  }
}
