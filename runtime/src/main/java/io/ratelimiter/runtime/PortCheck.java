package io.ratelimiter.runtime;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;

/** Checks before the start that a port is free. */
public final class PortCheck {

  private PortCheck() {}

  /**
   * The reason why the port cannot be listened on, in one line; empty if it can. Opens the port for
   * a moment.
   *
   * @param variable the variable with the port, for the reason
   * @param port a number from 0 to 65535
   * @param address of this machine, the value of {@code BIND_ADDRESS}
   */
  public static Optional<String> fault(String variable, String port, String address) {
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
