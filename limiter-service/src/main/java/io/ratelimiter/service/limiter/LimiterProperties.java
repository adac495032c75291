package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.FailMode;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What to do when the store does not answer.
 *
 * @param failMode for rules that name none
 * @param instances how many limiters share the limits in fail mode local, at least 1
 * @param eventLoops threads that serve callers and talk to the store; 0: one per core
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
