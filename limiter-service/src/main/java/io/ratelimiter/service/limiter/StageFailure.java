package io.ratelimiter.service.limiter;

import java.util.concurrent.CompletionException;

/** Failures of stages. */
public final class StageFailure {

  private StageFailure() {}

  /** The failure without the {@link CompletionException} that a dependent stage puts around it. */
  public static Throwable causeOf(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
