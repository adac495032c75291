package io.ratelimiter.auditor.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The current fault of a task. Logged once for each kind of fault, not for each message: messages
 * have ports, transactions and rows, so that hardly two of them are equal.
 */
final class LastFault {

  private final Logger log;
  private final String what;
  private volatile @Nullable String message;
  private volatile @Nullable String kind;

  LastFault(Logger log, String what) {
    this.log = log;
    this.what = what;
  }

  void happened(Exception fault) {
    message = String.valueOf(fault.getMessage());
    String now = kind(fault);
    if (!now.equals(kind)) {
      log.warn("{}: {}", what, message);
    }
    kind = now;
  }

  void isOver() {
    message = null;
    kind = null;
  }

  /** Null when there is none. */
  @Nullable String message() {
    return message;
  }

  private static String kind(Throwable fault) {
    Throwable root = fault;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String state = fault instanceof SQLException sql ? sql.getSQLState() : null;
    return fault.getClass().getName() + ' ' + root.getClass().getName() + ' ' + state;
  }
}
