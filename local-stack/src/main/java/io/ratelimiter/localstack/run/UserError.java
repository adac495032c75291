package io.ratelimiter.localstack.run;

/** An error that the user can correct; the message names it, the exit code its kind. */
public final class UserError extends RuntimeException {

  private final int exitCode;

  private UserError(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The command line is wrong. */
  static UserError usage(String message) {
    return new UserError(2, message);
  }

  /** The command line is valid, but this machine cannot run it now. */
  static UserError notPossible(String message) {
    return new UserError(1, message);
  }

  /** Exit code of the process. */
  public int exitCode() {
    return exitCode;
  }
}
