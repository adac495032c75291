package io.ratelimiter.service.api.eventloop;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How the service listens.
 *
 * @param address of this machine
 * @param port of everything; 0: any free one
 * @param checkPort of check, batch and authz alone; 0: off
 * @param maxConnections of each port at once, if the heap has room for so many; more wait in the
 *     kernel's queue
 * @param headTimeout for a head to come, once its connection is open or its first byte is here
 * @param bodyTimeout for a body to come, once its head is here
 * @param answerTimeout for an answer to be made, once the request is here
 * @param progressTimeout for a piece of a streamed answer to leave
 * @param idleTimeout for the next request of a connection
 * @param allowedHosts names beside the loopback ones under which the admin plane may be called
 * @param publicRead whether rules and metrics can be read without the admin token
 */
@ConfigurationProperties("front-door")
public record FrontDoorProperties(
    InetAddress address,
    int port,
    int checkPort,
    int maxConnections,
    Duration headTimeout,
    Duration bodyTimeout,
    Duration answerTimeout,
    Duration progressTimeout,
    Duration idleTimeout,
    List<String> allowedHosts,
    boolean publicRead) {

  public FrontDoorProperties {
    checkPort("PORT", port);
    checkPort("CHECK_PORT", checkPort);
  }

  private static void checkPort(String variable, int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(variable + " must be 0 to 65535, not " + port);
    }
  }
}
