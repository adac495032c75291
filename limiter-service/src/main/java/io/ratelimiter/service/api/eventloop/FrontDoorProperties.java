package io.ratelimiter.service.api.eventloop;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Ports of the service, and the bounds on its callers.
 *
 * @param address of this machine to listen on
 * @param port of all endpoints; 0: any free one
 * @param checkPort of check, batch, authz and settle alone; 0: off
 * @param maxConnections open at once on each port, or fewer when the heap is too small; more wait
 *     in the kernel's queue
 * @param headTimeout from the connection's start or the head's first byte to the complete head
 * @param bodyTimeout from the head to the complete body
 * @param answerTimeout from the complete request to the head of its answer, without its hold
 * @param progressTimeout for a piece of a streamed answer to be sent
 * @param idleTimeout between two requests of a connection; all are enforced to within 0.5 s
 * @param stopTimeout for the requests in flight when the service stops; then they are aborted
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
    Duration stopTimeout,
    List<String> allowedHosts,
    boolean publicRead) {}
