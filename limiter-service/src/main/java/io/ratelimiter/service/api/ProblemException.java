package io.ratelimiter.service.api;

/** A request that is answered with a problem. */
public final class ProblemException extends RuntimeException {

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    // The caller's fault: where we noticed is of no interest, and the stack costs microseconds.
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  /** A request that says something wrong: 400. */
  public static ProblemException invalid(String detail) {
    return new ProblemException(Problem.of(400, detail));
  }

  /** What to answer. */
  public Problem problem() {
    return problem;
  }
}
