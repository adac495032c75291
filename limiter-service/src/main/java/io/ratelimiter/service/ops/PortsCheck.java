package io.ratelimiter.service.ops;

import io.ratelimiter.runtime.PortCheck;
import java.util.Map;
import java.util.Optional;

/** Checks before the start whether the ports are free. */
public final class PortsCheck {

  private PortsCheck() {}

  /**
   * Returns one line with the first port that cannot be opened, its variable and the reason; empty
   * without one. Opens and closes each port. The environment must be valid by {@link Settings}.
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
