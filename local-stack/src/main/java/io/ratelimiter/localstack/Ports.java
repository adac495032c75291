package io.ratelimiter.localstack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** TCP ports of this machine. */
public final class Ports {

  // Below 32768, where Linux begins to take ports for outgoing connections; a Redis cluster's bus,
  // 10 000 above, stays below Kafka's and everybody's upper bound.
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;

  /** A second limiter takes the port two above the first one's: that must be nobody else's. */
  private static final int DISTANCE = 4;

  /** Whoever asks again before he listens must not get the same port twice. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private Ports() {}

  /** A port that nobody listens on at this moment, and that this process has not been given yet. */
  public static int free() {
    for (int attempt = 0; attempt < 1_000; attempt++) {
      int step = ThreadLocalRandom.current().nextInt((HIGHEST - LOWEST) / DISTANCE);
      int port = LOWEST + step * DISTANCE;
      if (isFree(port) && GIVEN.add(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port between " + LOWEST + " and " + HIGHEST);
  }

  /** Whether somebody could listen on this port on every address. */
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
