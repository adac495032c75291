package io.ratelimiter.auditor.ops;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Optional;

/** Checks before the start whether the port can be listened on. */
public final class PortCheck {

  private PortCheck() {}

  /**
   * Why {@code AUDITOR_PORT} cannot be listened on, in one line; empty when it can. Opens it for a
   * moment. {@link SettingsCheck} must have found no fault in the environment.
   */
  public static Optional<String> fault(Map<String, String> environment) {
    String port = environment.getOrDefault("AUDITOR_PORT", "8010");
    String address = environment.getOrDefault("BIND_ADDRESS", "0.0.0.0");
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(address), Integer.parseInt(port)));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          "AUDITOR_PORT %s cannot be listened on at BIND_ADDRESS %s: %s"
              .formatted(port, address, e.getMessage()));
    }
  }
}
