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

  // Linux uses ports from 32768 on for outgoing connections. A Redis cluster node listens on a
  // second port, 10 000 higher, so nodes have a lower range of their own.
  private static final int LOWEST_OF_NODES = 20_000;
  private static final int LOWEST = 22_768;
  private static final int HIGHEST = 30_000;
  private static final int BUS = 10_000;

  /**
   * Kafka's controller uses the port one above the broker's, a second limiter the port two above
   * the first limiter's: {@link #free} must not return these.
   */
  private static final int DISTANCE = 4;

  private static final Set<Integer> RETURNED = ConcurrentHashMap.newKeySet();

  private Ports() {}

  /** A port that is free now and that this process has not got from here before. */
  public static int free() {
    return free(LOWEST, HIGHEST, Ports::isFree);
  }

  /** As {@link #free()}, for a Redis cluster node, whose bus listens 10 000 ports higher. */
  public static int freeForClusterNode() {
    return free(LOWEST_OF_NODES, LOWEST, port -> isFree(port) && isFree(port + BUS));
  }

  private static int free(int lowest, int end, IntPredicate isFree) {
    for (int attempt = 0; attempt < 1_000; attempt++) {
      int step = ThreadLocalRandom.current().nextInt((end - lowest) / DISTANCE);
      int port = lowest + step * DISTANCE;
      if (isFree.test(port) && RETURNED.add(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port between " + lowest + " and " + end);
  }

  /** Whether a server could listen on this port at every address. */
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
