package io.ratelimiter.runtime;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;

/** Checks before the start whether a port can be listened on. */
public final class PortCheck {

  private PortCheck() {}

  /**
   * Why the port cannot be listened on, in one line; empty when it can. Opens it for a moment.
   *
   * @param variable names the port in the line
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
