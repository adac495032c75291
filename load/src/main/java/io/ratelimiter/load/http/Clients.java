package io.ratelimiter.load.http;

import java.util.Arrays;
import java.util.function.LongUnaryOperator;

/** Distributions: map the number of a request to the number of its client. Deterministic. */
public final class Clients {

  private Clients() {}

  /** All clients equally often, in pseudorandom order. */
  public static LongUnaryOperator uniform(long clients) {
    return number -> Long.remainderUnsigned(mixed(number), clients);
  }

  /** A different client for each request. */
  public static LongUnaryOperator distinct() {
    return number -> number;
  }

  /** The same client for all requests. */
  public static LongUnaryOperator one() {
    return _ -> 0;
  }

  /** Zipf's law: the frequency of client k is proportional to 1 / (k + 1)^exponent. */
  public static LongUnaryOperator zipf(int clients, double exponent) {
    double[] sums = new double[clients];
    double sum = 0;
    for (int i = 0; i < clients; i++) {
      sum += Math.pow(i + 1.0, -exponent);
      sums[i] = sum;
    }
    double all = sum;
    return number -> {
      double share = (mixed(number) >>> 11) * 0x1.0p-53;
      int found = Arrays.binarySearch(sums, share * all);
      return found >= 0 ? found : Math.min(clients - 1, -found - 1);
    };
  }

  /** SplitMix64's finalizer, a 64-bit hash. */
  private static long mixed(long number) {
    long h = number * 0x9e3779b97f4a7c15L;
    h = (h ^ (h >>> 30)) * 0xbf58476d1ce4e5b9L;
    h = (h ^ (h >>> 27)) * 0x94d049bb133111ebL;
    return h ^ (h >>> 31);
  }
}
