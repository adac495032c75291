package io.ratelimiter.service.decisions.spool;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the spool accepts events, or why not; logs each change once. */
final class SpoolHealth {

  private static final Logger log = LoggerFactory.getLogger(SpoolHealth.class);
  private static final String NOT_OPENED = "it has not been opened yet";

  private volatile @Nullable String fault = NOT_OPENED;

  /** Why it accepts no events, for messages; null while it does. Any thread. */
  @Nullable String fault() {
    return fault;
  }

  void worked() {
    if (fault != null && !NOT_OPENED.equals(fault)) {
      log.info("The spool is usable again");
    }
    fault = null;
  }

  void failed(Exception e) {
    String message = String.valueOf(e.getMessage());
    failed(e.getCause() == null ? message : message + ": " + e.getCause());
  }

  void failed(String reason) {
    if (!reason.equals(fault)) {
      log.warn("The spool is not usable: {}", reason);
    }
    fault = reason;
  }
}
