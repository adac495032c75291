package io.ratelimiter.localstack.junit;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.LocalServer;
import io.ratelimiter.localstack.Ports;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.RedisSentinel;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.ServerPlace;
import io.ratelimiter.localstack.Service;
import io.ratelimiter.localstack.process.Watcher;
import io.ratelimiter.localstack.proxy.TcpProxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Starts servers that no other test uses, so that a test may kill them. All are closed after the
 * test, or after the class if this is a parameter of its constructor or {@code @BeforeAll}.
 */
public final class PrivateServers implements AutoCloseable {

  private final Watcher watcher;
  private final Deque<Runnable> closings = new ArrayDeque<>();

  PrivateServers(Watcher watcher) {
    this.watcher = watcher;
  }

  /** A started Redis. */
  public RedisServer redis() {
    return redis(RedisServer.Options.DEFAULT);
  }

  /** A started Redis with these options. */
  public RedisServer redis(RedisServer.Options options) {
    return started(new RedisServer(ServerPlace.temporary("redis", watcher), options, watcher));
  }

  /** A started Redis node in cluster mode; the caller forms the cluster. */
  public RedisServer redisClusterNode(RedisServer.Options options) {
    ServerPlace place = ServerPlace.temporary("redis", Ports.freeForClusterNode(), watcher);
    return started(new RedisServer(place, options.with("--cluster-enabled", "yes"), watcher));
  }

  /** A started Sentinel. */
  public RedisSentinel sentinel(RedisSentinel.Options options) {
    return started(new RedisSentinel(ServerPlace.temporary("sentinel", watcher), options, watcher));
  }

  /** A started PostgreSQL with these settings, such as {@code "max_connections=20"}. */
  public PostgresServer postgres(String... settings) {
    return started(
        new PostgresServer(ServerPlace.temporary("postgres", watcher), List.of(settings), watcher));
  }

  /** A started Kafka. */
  public KafkaServer kafka() {
    return kafka(Map.of());
  }

  /** A started Kafka with these broker properties. */
  public KafkaServer kafka(Map<String, String> overrides) {
    return started(new KafkaServer(ServerPlace.temporary("kafka", watcher), overrides, watcher));
  }

  /** A proxy in front of a port of this machine. */
  public TcpProxy proxy(int targetPort) {
    TcpProxy proxy = TcpProxy.to(targetPort);
    remember(proxy::close);
    return proxy;
  }

  /** A started program of the product, which may not be ready yet. */
  public Service service(Service.Description description) {
    Service service = Service.start(description, watcher);
    remember(service::stop);
    return service;
  }

  private <S extends LocalServer> S started(S server) {
    remember(server::close);
    server.start();
    return server;
  }

  private synchronized void remember(Runnable closing) {
    closings.push(closing);
  }

  /** Closes everything, the latest first. */
  @Override
  public synchronized void close() {
    while (!closings.isEmpty()) {
      closings.pop().run();
    }
  }
}
