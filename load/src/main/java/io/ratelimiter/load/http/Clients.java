package io.ratelimiter.load.http;

import java.util.Arrays;
import java.util.function.LongUnaryOperator;

/** Which client sends the request of a running number; the same in every run. */
public final class Clients {

  private Clients() {}

  /** Each as often as any other, in no order. */
  public static LongUnaryOperator uniform(long clients) {
    return number -> Long.remainderUnsigned(mixed(number), clients);
  }

  /** Every request is another client's. */
  public static LongUnaryOperator distinct() {
    return number -> number;
  }

  /** One client sends all. */
  public static LongUnaryOperator one() {
    return _ -> 0;
  }

  /** Client k as often as 1 / (k + 1)^exponent says (George Kingsley Zipf). */
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

  /** SplitMix64's finalizer: neighbours land anywhere. */
  private static long mixed(long number) {
    long h = number * 0x9e3779b97f4a7c15L;
    h = (h ^ (h >>> 30)) * 0xbf58476d1ce4e5b9L;
    h = (h ^ (h >>> 27)) * 0x94d049bb133111ebL;
    return h ^ (h >>> 31);
  }
}
