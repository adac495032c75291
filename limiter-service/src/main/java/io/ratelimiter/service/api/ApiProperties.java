package io.ratelimiter.service.api;

import io.ratelimiter.service.api.access.AdminTokenForm;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of the HTTP contract.
 *
 * @param blockedStatus HTTP status of a blocked check, 200 or 429
 * @param adminToken bearer token of the admin plane; null or empty: the plane is closed
 * @param drain how long a stopping service still accepts requests, closing connections
 */
@ConfigurationProperties("api")
public record ApiProperties(int blockedStatus, @Nullable String adminToken, Duration drain) {

  public ApiProperties {
    if (blockedStatus != 200 && blockedStatus != 429) {
      throw new IllegalArgumentException("BLOCKED_STATUS must be 200 or 429, not " + blockedStatus);
    }
    if (!AdminTokenForm.acceptable(adminToken)) {
      throw new IllegalArgumentException("ADMIN_TOKEN must be " + AdminTokenForm.RULE);
    }
  }
}
