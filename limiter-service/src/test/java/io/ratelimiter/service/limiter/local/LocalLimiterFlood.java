package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.ImageHeap;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import java.time.Clock;
import java.util.Locale;

/**
 * Sends a local limiter more keys than fit into its memory. Ends with a stack trace and exit code 1
 * when a client was allowed more than its limit, or the memory in use exceeds the stated bound.
 */
final class LocalLimiterFlood {

  /** The clients that are checked before and after the flood. */
  private static final int KNOWN_CLIENTS = 20;

  private static final long DAY_SECONDS = 86_400;

  /** Allowance for classes loaded meanwhile, bytes. */
  private static final long OWN_BYTES = 2 << 20;

  private final LocalLimiter limiter = new LocalLimiter(1, Clock.systemUTC());
  private final int[] allowed;
  private final int limit;

  private LocalLimiterFlood(int clients, int limit) {
    this.allowed = new int[clients];
    this.limit = limit;
  }

  /** Arguments: the flood's name, and for the flood of ids the algorithm. */
  public static void main(String... arguments) {
    switch (arguments[0]) {
      case "ids" -> ids(Algorithm.valueOf(arguments[1]));
      case "keys" -> keys();
      case "logs" -> logs();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /** More clients than fit, with ids and limit keys of max length. */
  private static void ids(Algorithm algorithm) {
    LocalLimiterFlood flood = new LocalLimiterFlood(130_000, 2);
    Match match = Rules.match(Rules.enforcing(1, Rules.policy(algorithm, 2, DAY_SECONDS)));
    flood.run(2, match);
  }

  /** Each client sends a new limit key with each check, also while the shared limit blocks it. */
  private static void keys() {
    LocalLimiterFlood flood = new LocalLimiterFlood(KNOWN_CLIENTS, 5);
    Match match =
        Rules.match(
            Rules.shared(1, Rules.policy(Algorithm.TOKEN_BUCKET, 5, DAY_SECONDS)),
            Rules.enforcing(2, Rules.policy(Algorithm.FIXED_WINDOW, 1, DAY_SECONDS)),
            Rules.enforcing(3, Rules.policy(Algorithm.SLIDING_WINDOW, 1, DAY_SECONDS)));
    long before = ImageHeap.usedBytes();
    for (int round = 0; round < 10_000; round++) {
      for (int client = 0; client < KNOWN_CLIENTS; client++) {
        flood.check(client, "key-" + round, match);
      }
    }
    flood.verify(before);
    require(flood.allowed[0] == 5, "a client with room is allowed its limit");
  }

  /** Exact logs of 10 000 entries each. */
  private static void logs() {
    LocalLimiterFlood flood = new LocalLimiterFlood(170, 10_000);
    Match match =
        Rules.match(
            Rules.enforcing(1, Rules.policy(Algorithm.SLIDING_WINDOW, 10_000, DAY_SECONDS)));
    flood.run(10_001, match);
  }

  private void run(int rounds, Match match) {
    long before = ImageHeap.usedBytes();
    for (int client = 0; client < KNOWN_CLIENTS; client++) {
      checkOften(rounds, client, match);
      require(allowed[client] == limit, "a client with room is allowed its limit");
    }
    for (int client = KNOWN_CLIENTS; client < allowed.length; client++) {
      checkOften(rounds, client, match);
    }
    for (int client = 0; client < allowed.length; client++) {
      check(client, longKey(client), match);
    }
    verify(before);
  }

  private void checkOften(int rounds, int client, Match match) {
    for (int round = 0; round < rounds; round++) {
      check(client, longKey(client), match);
    }
  }

  private void check(int client, String limitKey, Match match) {
    Check check = new Check("default", padded("client-" + client), limitKey, 1);
    Decision decision =
        limiter.check(check, match, DegradedReason.CIRCUIT_OPEN).toCompletableFuture().join();
    allowed[client] += decision instanceof Decision.Allowed ? 1 : 0;
  }

  private void verify(long bytesBefore) {
    for (int client = 0; client < allowed.length; client++) {
      require(allowed[client] <= limit, "client " + client + " was allowed " + allowed[client]);
    }
    long used = ImageHeap.usedBytes() - bytesBefore;
    long bound = Runtime.getRuntime().maxMemory() / 8;
    System.out.printf(Locale.ROOT, "in use %,d bytes, bound %,d%n", used, bound);
    require(used <= bound + OWN_BYTES, "memory above the bound: " + used + " of " + bound);
    // Keeps the limiter reachable, so that its memory is counted.
    require(limiter.hashCode() == limiter.hashCode(), "");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  private static String longKey(int client) {
    return padded("key-" + client);
  }

  private static String padded(String text) {
    return text + "x".repeat(256 - text.length());
  }
}
