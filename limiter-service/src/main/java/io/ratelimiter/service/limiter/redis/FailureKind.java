package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.service.limiter.DegradedReason;
import java.util.Locale;

/** The kinds of store failure that are counted and logged apart. */
enum FailureKind {
  /** No answer within the timeout; the command may still run. */
  TIMEOUT(DegradedReason.TIMEOUT),
  /** There was no connection, or it broke before the reply. */
  CONNECTION(DegradedReason.CONNECTION),
  /** The reply is not a well-formed answer to what was asked. */
  MALFORMED(DegradedReason.STORE_ERROR),
  /** {@code OOM}: over {@code maxmemory}. */
  FULL(DegradedReason.STORE_ERROR),
  /** Redis refuses writes: a replica, a failed snapshot, too few replicas. */
  READ_ONLY(DegradedReason.STORE_ERROR),
  /** Redis loads its data or runs another client's script. */
  BUSY(DegradedReason.STORE_ERROR),
  /** Redis refuses the credentials, or the command for this user. */
  PERMISSION(DegradedReason.STORE_ERROR),
  /** The key's slot is elsewhere or nowhere, or this is a cluster and the URL names one node. */
  CLUSTER(DegradedReason.STORE_ERROR),
  /** Any other error. */
  OTHER(DegradedReason.STORE_ERROR);

  private final DegradedReason reason;

  FailureKind(DegradedReason reason) {
    this.reason = reason;
  }

  /** The reason in decisions. */
  DegradedReason reason() {
    return reason;
  }

  /** The value of the metric's label. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
