package io.ratelimiter.service.limiter.resilience;

import io.ratelimiter.service.rules.FailMode;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of the check path.
 *
 * @param failMode the fail mode of rules that have none
 * @param instances number of instances that share the limits in fail mode local, at least 1
 * @param eventLoops threads that serve callers and the store's connections; 0: one per core
 */
@ConfigurationProperties("limiter")
public record LimiterProperties(FailMode failMode, int instances, int eventLoops) {

  public LimiterProperties {
    if (instances < 1) {
      throw new IllegalArgumentException("INSTANCES must be at least 1, not " + instances);
    }
    if (eventLoops < 1) {
      eventLoops = Runtime.getRuntime().availableProcessors();
    }
  }
}
