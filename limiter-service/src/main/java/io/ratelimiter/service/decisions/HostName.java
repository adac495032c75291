package io.ratelimiter.service.decisions;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;

/** What this machine calls itself. */
final class HostName {

  private HostName() {}

  static String ofThisMachine() {
    return ofThisMachine(System.getenv());
  }

  /** Containers set {@code HOSTNAME}; elsewhere the resolver knows. */
  static String ofThisMachine(Map<String, String> environment) {
    String set = environment.getOrDefault("HOSTNAME", "");
    if (!set.isBlank()) {
      return set;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      throw new IllegalStateException(
          "INSTANCE_ID is not set and this machine does not know its host name", e);
    }
  }
}
