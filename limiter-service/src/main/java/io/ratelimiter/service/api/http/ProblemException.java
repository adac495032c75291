package io.ratelimiter.service.api.http;

/** A request that is answered with a problem. */
public final class ProblemException extends RuntimeException {

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    // Without a stack trace: it is the caller's fault, and the trace would cost microseconds.
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  /** An invalid request: 400. */
  public static ProblemException invalid(String detail) {
    return new ProblemException(Problem.of(400, detail));
  }

  /** The problem to answer with. */
  public Problem problem() {
    return problem;
  }
}
