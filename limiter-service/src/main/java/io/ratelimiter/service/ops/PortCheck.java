package io.ratelimiter.service.ops;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Optional;

/** Checks before the start whether the ports can be listened on. */
public final class PortCheck {

  private PortCheck() {}

  /**
   * The first port that cannot be listened on, with its variable and the reason, in one line; empty
   * when there is none. Opens each port for a moment. {@link Settings} must have found no fault in
   * the environment.
   */
  public static Optional<String> fault(Map<String, String> environment) {
    String port = environment.getOrDefault("PORT", "8000");
    String checkPort = environment.getOrDefault("CHECK_PORT", "0");
    if (port.equals(checkPort) && !port.equals("0")) {
      return Optional.of("PORT and CHECK_PORT are both " + port + "; they must differ");
    }
    String address = environment.getOrDefault("BIND_ADDRESS", "0.0.0.0");
    return fault("PORT", port, address).or(() -> fault("CHECK_PORT", checkPort, address));
  }

  private static Optional<String> fault(String variable, String port, String address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(address), Integer.parseInt(port)));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          "%s %s cannot be listened on at BIND_ADDRESS %s: %s"
              .formatted(variable, port, address, e.getMessage()));
    }
  }
}
