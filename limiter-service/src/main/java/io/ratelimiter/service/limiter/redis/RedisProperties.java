package io.ratelimiter.service.limiter.redis;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the store is.
 *
 * @param url {@code redis://} or {@code rediss://} with user and password; wins over the others;
 *     empty: none
 * @param timeout longest wait for one answer
 */
@ConfigurationProperties("limiter.redis")
public record RedisProperties(
    @Nullable String url, String host, int port, int database, Duration timeout) {

  public RedisProperties {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("REDIS_TIMEOUT_MS must be at least 1");
    }
  }

  RedisURI uri() {
    RedisURI uri =
        url == null || url.isBlank()
            ? RedisURI.builder().withHost(host).withPort(port).withDatabase(database).build()
            : RedisURI.create(url);
    uri.setTimeout(timeout);
    return uri;
  }
}
