package io.ratelimiter.service.limiter.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the store is.
 *
 * @param url wins over host, port and database; empty: none. {@code redis://} or {@code rediss://}
 *     (TLS) with user and password and one host; the same with several hosts, comma-separated:
 *     seeds of a cluster; {@code redis-sentinel://host,host/database#primary}
 * @param timeout longest wait for one answer
 */
@ConfigurationProperties("limiter.redis")
public record RedisProperties(
    @Nullable String url, String host, int port, int database, Duration timeout) {

  private static final Duration MIN_HANDSHAKE = Duration.ofSeconds(1);
  private static final Duration SENTINEL_TIMEOUT = Duration.ofMillis(500);

  public RedisProperties {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("REDIS_TIMEOUT_MS must be at least 1");
    }
  }

  /**
   * Timeout of what no caller waits for: a new connection's first commands. A JVM that has just
   * started, or a busy machine, takes longer for them than a check may.
   */
  Duration handshakeTimeout() {
    return timeout.compareTo(MIN_HANDSHAKE) < 0 ? MIN_HANDSHAKE : timeout;
  }

  /**
   * One node (or a set of Sentinels), or the seeds of a cluster.
   *
   * @throws IllegalArgumentException when the URL is none
   */
  List<RedisURI> uris() {
    List<RedisURI> uris = parse();
    for (RedisURI uri : uris) {
      uri.setTimeout(handshakeTimeout());
      // One that hangs must not keep the others from being asked.
      uri.getSentinels().forEach(sentinel -> sentinel.setTimeout(SENTINEL_TIMEOUT));
    }
    return uris;
  }

  private List<RedisURI> parse() {
    if (url == null || url.isBlank()) {
      return List.of(
          RedisURI.builder().withHost(host).withPort(port).withDatabase(database).build());
    }
    boolean cluster = !url.startsWith("redis-sentinel") && url.contains(",");
    return cluster
        ? RedisClusterURIUtil.toRedisURIs(URI.create(url))
        : List.of(RedisURI.create(url));
  }
}
