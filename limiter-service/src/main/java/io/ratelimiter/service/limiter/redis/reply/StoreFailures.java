package io.ratelimiter.service.limiter.redis.reply;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.ratelimiter.service.limiter.StageFailure;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Classifies the failures of commands. Each is a failure of the store, since invalid requests are
 * refused before a command is sent.
 */
public final class StoreFailures {

  private static final Map<String, FailureKind> KINDS =
      Arrays.stream(FailureKind.values())
          .collect(HashMap::new, (map, k) -> k.codes().forEach(c -> map.put(c, k)), Map::putAll);

  /** Redis 6 puts the error code after the position in the script, Redis 7 at the start. */
  private static final Pattern CODE =
      Pattern.compile("(?:^|[ :-])(" + String.join("|", KINDS.keySet()) + ") ");

  private static final int MAX_TEXT_LENGTH = 200;

  private StoreFailures() {}

  /** The failure as the limiter reports it. */
  public static StoreUnavailableException classify(Throwable failure) {
    Throwable cause = StageFailure.causeOf(failure);
    return cause instanceof StoreUnavailableException already
        ? already
        : new StoreUnavailableException(kind(cause).reason(), text(cause), cause);
  }

  /** The kind of a failure, classified or not. */
  public static FailureKind kind(Throwable failure) {
    Throwable cause = StageFailure.causeOf(failure);
    return switch (cause) {
      case RedisCommandTimeoutException _ -> FailureKind.TIMEOUT;
      case RedisCommandExecutionException _ -> kindOfError(String.valueOf(cause.getMessage()));
      case MalformedReplyException _ -> FailureKind.MALFORMED;
      case StoreUnavailableException known when known.getCause() != null -> kind(known.getCause());
      // Lettuce's other exceptions, a cancelled command, a closed channel or event loop.
      default -> FailureKind.CONNECTION;
    };
  }

  private static FailureKind kindOfError(String text) {
    Matcher code = CODE.matcher(text.substring(0, Math.min(text.length(), MAX_TEXT_LENGTH)));
    return code.find() ? KINDS.getOrDefault(code.group(1), FailureKind.OTHER) : FailureKind.OTHER;
  }

  /** The failure's message for a log, bounded and without control characters. */
  public static String text(Throwable failure) {
    String text = String.valueOf(failure.getMessage());
    StringBuilder printable = new StringBuilder();
    text.chars()
        .limit(MAX_TEXT_LENGTH)
        .forEach(c -> printable.append(c < ' ' || c > '~' ? '?' : (char) c));
    return text.length() > MAX_TEXT_LENGTH
        ? printable.append('…').toString()
        : printable.toString();
  }

  /** Whether nothing ran because the keys' slot is being moved and its keys are on two nodes. */
  public static boolean isSplitSlot(Throwable cause) {
    return cause instanceof RedisCommandExecutionException
        && String.valueOf(cause.getMessage()).startsWith("TRYAGAIN ");
  }

  /**
   * Whether another connection might lead to a host that answers, because the host of this one is
   * silent or reports that it cannot execute the command.
   */
  public static boolean isConnectionAtFault(Throwable failure) {
    return switch (kind(failure)) {
      case TIMEOUT, FULL, READ_ONLY, BUSY, PERMISSION -> true;
      case CLUSTER -> !isSplitSlot(StageFailure.causeOf(failure));
      case CONNECTION, MALFORMED, OTHER -> false;
    };
  }
}
