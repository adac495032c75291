package io.ratelimiter.auditor.store;

import io.ratelimiter.runtime.RootCause;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The current fault of a task. It is logged when its kind changes, not with each message: messages
 * contain ports, transactions and rows, so that they rarely repeat.
 */
final class CurrentFault {

  private final Logger log;
  private final String consequence;
  private volatile @Nullable String message;
  private volatile @Nullable String kind;

  /**
   * @param consequence what the task cannot do, for the log
   */
  CurrentFault(Logger log, String consequence) {
    this.log = log;
    this.consequence = consequence;
  }

  void set(Exception fault) {
    message = RootCause.messageOf(fault);
    String newKind = kind(fault);
    if (!newKind.equals(kind)) {
      log.warn("{}: {}", consequence, message);
    }
    kind = newKind;
  }

  void clear() {
    message = null;
    kind = null;
  }

  /** The fault's message; null when there is none. */
  @Nullable String message() {
    return message;
  }

  private static String kind(Throwable fault) {
    String state = fault instanceof SQLException sql ? sql.getSQLState() : null;
    return fault.getClass().getName()
        + ' '
        + RootCause.of(fault).getClass().getName()
        + ' '
        + state;
  }
}
