package io.ratelimiter.service.limiter.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;

/** Tells a store that cannot answer from a script that is wrong. */
final class StoreFailures {

  /**
   * What a store says that cannot answer now, or not to us. Redis 6 puts these words behind the
   * place in the script, Redis 7 at the start.
   */
  private static final Pattern UNABLE =
      Pattern.compile(
          "(^|[ :-])(OOM|READONLY|LOADING|BUSY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|MISCONF|NOREPLICAS"
              + "|NOAUTH|NOPERM|WRONGPASS|UNKILLABLE) ");

  private StoreFailures() {}

  /**
   * The failure as the limiter tells it.
   *
   * @return a {@link StoreUnavailableException}, or the failure itself when it is a fault of ours
   */
  static Throwable classify(Throwable failure) {
    Throwable cause = unwrap(failure);
    return switch (cause) {
      case RedisCommandTimeoutException _ -> unavailable(DegradedReason.TIMEOUT, cause);
      case RedisCommandExecutionException _ ->
          isUnable(cause) ? unavailable(DegradedReason.STORE_ERROR, cause) : cause;
      case RedisException _ -> unavailable(DegradedReason.CONNECTION, cause);
      case IOException _ -> unavailable(DegradedReason.CONNECTION, cause);
      default -> cause;
    };
  }

  /** Whether nothing ran because the keys' slot is being moved and they stand on two nodes. */
  static boolean isSplitSlot(Throwable cause) {
    return cause instanceof RedisCommandExecutionException
        && String.valueOf(cause.getMessage()).startsWith("TRYAGAIN ");
  }

  /**
   * Whether another connection might lead to a host that answers: the one at the end of this has
   * fallen silent, or says that it cannot.
   */
  static boolean isUseless(Throwable failure) {
    Throwable cause = unwrap(failure);
    return switch (cause) {
      case RedisCommandTimeoutException _ -> true;
      case RedisCommandExecutionException _ -> isUnable(cause) && !isSplitSlot(cause);
      default -> false;
    };
  }

  private static boolean isUnable(Throwable cause) {
    return UNABLE.matcher(String.valueOf(cause.getMessage())).find();
  }

  static Throwable unwrap(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private static StoreUnavailableException unavailable(DegradedReason reason, Throwable cause) {
    return new StoreUnavailableException(reason, cause.getMessage(), cause);
  }
}
