package io.ratelimiter.service.limiter.redis.connection;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import io.ratelimiter.service.limiter.Placement;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The address and timeout of the store.
 *
 * @param url replaces host, port and database unless empty. {@code redis://} or {@code rediss://}
 *     (TLS) with user, password and one host; with several hosts, comma-separated, these are the
 *     seeds of a cluster; {@code redis-sentinel://host,host/database#primary}
 * @param timeout max time to wait for a reply
 * @param placement where counters are in a cluster
 */
@ConfigurationProperties("limiter.redis")
public record RedisProperties(
    @Nullable String url,
    String host,
    int port,
    int database,
    Duration timeout,
    Placement placement) {

  private static final Duration MIN_HANDSHAKE = Duration.ofSeconds(1);
  private static final Duration SENTINEL_TIMEOUT = Duration.ofMillis(500);

  public RedisProperties {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("REDIS_TIMEOUT_MS must be at least 1");
    }
  }

  /**
   * Timeout of a new connection's first commands, for which no caller waits. A JVM that has just
   * started or a busy machine needs longer for them than a check may take.
   */
  Duration handshakeTimeout() {
    return timeout.compareTo(MIN_HANDSHAKE) < 0 ? MIN_HANDSHAKE : timeout;
  }

  /**
   * One node (or a set of Sentinels), or the seeds of a cluster.
   *
   * @throws IllegalArgumentException when the URL is invalid
   */
  List<RedisURI> uris() {
    List<RedisURI> uris = parse();
    for (RedisURI uri : uris) {
      uri.setTimeout(handshakeTimeout());
      // A Sentinel that hangs must not delay the query of the others.
      uri.getSentinels().forEach(sentinel -> sentinel.setTimeout(SENTINEL_TIMEOUT));
    }
    return uris;
  }

  /** Whether one step can charge counters of several clients of a tenant. */
  public boolean sharedCounters() {
    return sharedCounters(url, placement);
  }

  /** As {@link #sharedCounters()}: always, but in a cluster only where a tenant has one slot. */
  public static boolean sharedCounters(@Nullable String url, Placement placement) {
    return placement == Placement.TENANT || !cluster(url);
  }

  private static boolean cluster(@Nullable String url) {
    return url != null && !url.startsWith("redis-sentinel") && url.contains(",");
  }

  private List<RedisURI> parse() {
    if (url == null || url.isBlank()) {
      return List.of(
          RedisURI.builder().withHost(host).withPort(port).withDatabase(database).build());
    }
    return cluster(url)
        ? RedisClusterURIUtil.toRedisURIs(URI.create(url))
        : List.of(RedisURI.create(url));
  }
}
