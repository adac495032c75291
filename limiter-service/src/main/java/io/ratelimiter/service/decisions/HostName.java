package io.ratelimiter.service.decisions;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The host name of this machine. */
final class HostName {

  private HostName() {}

  /** {@code HOSTNAME}, which containers set, otherwise the resolver's name. */
  static String ofThisMachine() {
    String set = System.getenv().getOrDefault("HOSTNAME", "");
    if (!set.isBlank()) {
      return set;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      throw new IllegalStateException(
          "INSTANCE_ID is not set and this machine has no host name", e);
    }
  }
}
