package io.ratelimiter.service.api.eventloop;

import java.net.InetAddress;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How the event-loop edge listens. Its bounds are those of the servlet.
 *
 * @param address address of this machine to listen on
 * @param port 0: off
 * @param maxConnections more wait in the kernel's queue
 * @param headTimeout for a head to come, once its connection is open or its first byte is here
 * @param idleTimeout for the next request of a connection
 */
@ConfigurationProperties("event-loop-edge")
public record EventLoopProperties(
    InetAddress address, int port, int maxConnections, Duration headTimeout, Duration idleTimeout) {

  public EventLoopProperties {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("CHECK_PORT must be 0 to 65535, not " + port);
    }
  }
}
