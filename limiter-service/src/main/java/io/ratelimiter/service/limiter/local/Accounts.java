package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.evaluation.StoreKey;
import io.ratelimiter.service.limiter.local.KeyHash.Hash;
import io.ratelimiter.service.rules.Rule;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accounts by key, in bounded memory. Not thread-safe.
 *
 * <p>Only a charge creates an account. When there is no room for another:
 *
 * <ol>
 *   <li>Accounts that are untouched again, because all their units are back, are dropped. No other
 *       account is dropped, so no consumption is lost.
 *   <li>A key for which there is still no room is charged to the overflow account of its rule,
 *       which counts all such keys. So it is at least as strict as an account of the key's own.
 *   <li>Until the overflow account is untouched, a key without an account of its own may have
 *       consumed any part of it. So the key is evaluated with the overflow account, and once there
 *       is room, its own account starts as a copy of that.
 *   <li>An exact log without room for its next entry merges entries, see {@link LogAccount}.
 * </ol>
 *
 * <p>Overflow accounts are kept even without room: at most one per rule, algorithm and window.
 */
final class Accounts {

  /**
   * Memory of an account without its log, bytes. With compressed references at most 241, for a
   * token bucket under a share: key 32, its entry in the map 32 and 11, {@link HeldAccount} 40, its
   * place in the queue 6, account 48, state 32, policy 40.
   */
  static final int ACCOUNT_BYTES = 256;

  /** Max accounts dropped by one check: a window's end may make 100 000 untouched at once. */
  private static final int DROPPED_BY_A_CHECK = 64;

  /** Max entries of an overflow account's log, so that it takes little memory. */
  private static final int OVERFLOW_ENTRIES = 64;

  private static final Logger log = LoggerFactory.getLogger(Accounts.class);
  private static final Check ANY_KEY = new Check("-", "-", "-", 0);

  private final Map<Hash, HeldAccount> byKey = new HashMap<>();
  private final UntouchedQueue queue = new UntouchedQueue();
  private final KeyHash hash = new KeyHash();
  private final long maxBytes;
  private long bytes;
  private int check;

  /** No accounts yet, and at most this memory of all except overflow accounts, bytes. */
  Accounts(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * The account with which a key is evaluated.
   *
   * @param own the hash of the key
   * @param held the account of that key, the overflow account, or a new one that is not kept yet
   */
  record Found(Rule rule, Hash own, HeldAccount held) {}

  /** Starts a check: drops some of the untouched accounts. */
  void begin(long nowMicros) {
    check++;
    for (int i = 0; i < DROPPED_BY_A_CHECK && dropFirst(nowMicros); i++) {
      // Dropped.
    }
  }

  /** The account with which a key is evaluated; adds none. */
  Found find(Rule rule, String key) {
    Hash own = hash.of(key);
    HeldAccount held = byKey.get(own);
    if (held == null) {
      held = byKey.get(overflowKey(rule));
    }
    if (held == null) {
      return new Found(rule, own, new HeldAccount(own, Account.of(rule.policy())));
    }
    held.lastCheck = check;
    return new Found(rule, own, held);
  }

  /** A prefix that no client's key has. */
  private Hash overflowKey(Rule rule) {
    return hash.of(StoreKey.of("overflow:", rule, ANY_KEY));
  }

  /**
   * The account to charge, in the state in which the found one was evaluated. The caller must then
   * call {@link #changed}.
   */
  HeldAccount toCharge(Found found, long nowMicros) {
    HeldAccount held = found.held();
    Account account = held.account;
    boolean own = held.kept() && held.key.equals(found.own());
    int needed = account.growthBytes() + (own ? 0 : ACCOUNT_BYTES + account.logBytes());
    boolean room = hasRoom(needed, nowMicros);
    if (own) {
      account.coarsenTo(room ? Integer.MAX_VALUE : account.entries());
      return held;
    }
    if (room) {
      return new HeldAccount(found.own(), held.kept() ? account.copy() : account);
    }
    account.coarsenTo(OVERFLOW_ENTRIES);
    return held.kept() ? held : overflow(found.rule(), account);
  }

  private HeldAccount overflow(Rule rule, Account account) {
    log.warn(
        "No memory for more local accounts: new clients of rule {} share one limit", rule.name());
    return new HeldAccount(overflowKey(rule), account);
  }

  private boolean hasRoom(int needed, long nowMicros) {
    if (needed == 0) {
      return true;
    }
    while (bytes + needed > maxBytes && dropFirst(nowMicros)) {
      // Dropped.
    }
    return bytes + needed <= maxBytes;
  }

  /**
   * Accounts that the current check has found are not dropped, even if it needs room for others.
   */
  private boolean dropFirst(long nowMicros) {
    HeldAccount first = queue.first();
    if (first == null || first.untouchedAtMicros > nowMicros || first.lastCheck == check) {
      return false;
    }
    drop(first);
    return true;
  }

  /**
   * Keeps an account that was charged, refunded or reset.
   *
   * @param untouchedAtMicros when all units are available again, microseconds since 1970
   */
  void changed(HeldAccount held, long untouchedAtMicros) {
    held.untouchedAtMicros = untouchedAtMicros;
    if (held.kept()) {
      queue.moved(held);
    } else {
      held.lastCheck = check;
      byKey.put(held.key, held);
      queue.add(held);
    }
    count(held, ACCOUNT_BYTES + held.account.logBytes());
  }

  void drop(HeldAccount held) {
    byKey.remove(held.key);
    queue.remove(held);
    count(held, 0);
  }

  private void count(HeldAccount held, int now) {
    bytes += now - held.bytes;
    held.bytes = now;
  }

  /** Memory of all accounts, overflow accounts included, bytes. */
  long bytes() {
    return bytes;
  }

  int size() {
    return queue.size();
  }
}
