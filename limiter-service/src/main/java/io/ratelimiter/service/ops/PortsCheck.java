package io.ratelimiter.service.ops;

import io.ratelimiter.runtime.PortCheck;
import java.util.Map;
import java.util.Optional;

/** Checks before the start whether the ports can be listened on. */
public final class PortsCheck {

  private PortsCheck() {}

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
    return PortCheck.fault("PORT", port, address)
        .or(() -> PortCheck.fault("CHECK_PORT", checkPort, address));
  }
}
