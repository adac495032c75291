package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.local.KeyHash.Hash;

/** An account with its key and its place in the {@link UntouchedQueue}. */
final class HeldAccount {

  private static final int NOT_KEPT = -1;

  private final Hash key;
  private final Account account;
  private long untouchedAtMicros;
  private int place = NOT_KEPT;
  private int bytes;
  private int lastCheck;

  HeldAccount(Hash key, Account account) {
    this.key = key;
    this.account = account;
  }

  Hash key() {
    return key;
  }

  Account account() {
    return account;
  }

  /** When all units are available again, microseconds since 1970. */
  long untouchedAtMicros() {
    return untouchedAtMicros;
  }

  void untouchedAt(long micros) {
    untouchedAtMicros = micros;
  }

  /** Whether it is kept; only accounts with consumption are. */
  boolean kept() {
    return place != NOT_KEPT;
  }

  /** Its place in the queue; only while it is kept. */
  int place() {
    return place;
  }

  void place(int number) {
    place = number;
  }

  void removed() {
    place = NOT_KEPT;
  }

  /** Memory accounted for it, bytes. */
  int bytes() {
    return bytes;
  }

  void bytes(int counted) {
    bytes = counted;
  }

  /** Sequence number of the last check that found it. */
  int lastCheck() {
    return lastCheck;
  }

  void foundBy(int check) {
    lastCheck = check;
  }
}
