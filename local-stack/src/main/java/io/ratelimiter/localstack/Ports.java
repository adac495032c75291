package io.ratelimiter.localstack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntPredicate;

/** TCP ports of this machine. */
public final class Ports {

  // Linux takes ports from 32768 on for outgoing connections. A Redis cluster's node listens on a
  // second port, 10 000 above, so nodes have a range of their own below.
  private static final int LOWEST_OF_NODES = 20_000;
  private static final int LOWEST = 22_768;
  private static final int HIGHEST = 30_000;
  private static final int BUS = 10_000;

  /**
   * Kafka's controller takes the port one above the broker's, a second limiter the port two above
   * the first one's: nothing else may be given these.
   */
  private static final int DISTANCE = 4;

  /** A port is given once, also when nothing listens on it yet. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private Ports() {}

  /** A port that nothing listens on at this moment and that was not given in this process yet. */
  public static int free() {
    return free(LOWEST, HIGHEST, Ports::isFree);
  }

  /** The same for a node of a Redis cluster, whose bus listens 10 000 ports above. */
  public static int freeForClusterNode() {
    return free(LOWEST_OF_NODES, LOWEST, port -> isFree(port) && isFree(port + BUS));
  }

  private static int free(int lowest, int end, IntPredicate isFree) {
    for (int attempt = 0; attempt < 1_000; attempt++) {
      int step = ThreadLocalRandom.current().nextInt((end - lowest) / DISTANCE);
      int port = lowest + step * DISTANCE;
      if (isFree.test(port) && GIVEN.add(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port between " + lowest + " and " + end);
  }

  /** Whether a server could listen on this port on every address. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(port));
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
