package io.ratelimiter.localstack.run;

/** Something that the user can mend: the message says what, the exit code what kind. */
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

  /** The command line is right, but it cannot be done on this machine now. */
  static UserError notPossible(String message) {
    return new UserError(1, message);
  }

  /** What the process exits with. */
  public int exitCode() {
    return exitCode;
  }
}
