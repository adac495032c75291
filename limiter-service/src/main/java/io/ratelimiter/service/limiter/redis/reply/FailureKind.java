package io.ratelimiter.service.limiter.redis.reply;

import io.ratelimiter.service.limiter.DegradedReason;
import java.util.List;
import java.util.Locale;

/** The kinds of store failures, which are counted and logged separately. */
public enum FailureKind {
  /** No answer within the timeout; the command may still run. */
  TIMEOUT(DegradedReason.TIMEOUT),
  /** There was no connection, or it broke before the reply. */
  CONNECTION(DegradedReason.CONNECTION),
  /** The reply is not a well-formed reply to the command. */
  MALFORMED(DegradedReason.STORE_ERROR),
  /** {@code OOM}: over {@code maxmemory}. */
  FULL(DegradedReason.STORE_ERROR, "OOM"),
  /** Redis refuses writes: a replica, a failed snapshot, too few replicas. */
  READ_ONLY(DegradedReason.STORE_ERROR, "READONLY MISCONF NOREPLICAS MASTERDOWN"),
  /** Redis is loading its data or running another client's script. */
  BUSY(DegradedReason.STORE_ERROR, "LOADING BUSY UNKILLABLE"),
  /** Redis refuses the credentials, or the command for this user. */
  PERMISSION(DegradedReason.STORE_ERROR, "NOAUTH NOPERM WRONGPASS"),
  /** The key's slot is on another node or none, or the URL names a single node of a cluster. */
  CLUSTER(DegradedReason.STORE_ERROR, "CLUSTERDOWN TRYAGAIN CROSSSLOT MOVED ASK"),
  /** Any other error. */
  OTHER(DegradedReason.STORE_ERROR);

  private final DegradedReason reason;
  private final String codes;

  FailureKind(DegradedReason reason) {
    this(reason, "");
  }

  FailureKind(DegradedReason reason, String codes) {
    this.reason = reason;
    this.codes = codes;
  }

  /** The reason in decisions. */
  public DegradedReason reason() {
    return reason;
  }

  /** The error codes of Redis that are of this kind. */
  List<String> codes() {
    return codes.isEmpty() ? List.of() : List.of(codes.split(" ", -1));
  }

  /** The value of the metric's label. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
