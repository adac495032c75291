package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.local.KeyHash.Hash;

/** An account with its key and its position in the {@link UntouchedQueue}. */
final class HeldAccount {

  static final int NOT_KEPT = -1;

  final Hash key;
  final Account account;

  /** When all units are available again, microseconds since 1970. */
  long untouchedAtMicros;

  /** Its position in the queue, or {@link #NOT_KEPT}. */
  int position = NOT_KEPT;

  /** Memory accounted for it, bytes. */
  int bytes;

  /** Sequence number of the last check that found it. */
  int lastCheck;

  HeldAccount(Hash key, Account account) {
    this.key = key;
    this.account = account;
  }

  /** Whether it is kept; only accounts with consumption are. */
  boolean kept() {
    return position != NOT_KEPT;
  }
}
