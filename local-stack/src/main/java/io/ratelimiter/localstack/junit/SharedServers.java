package io.ratelimiter.localstack.junit;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.LocalServer;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.RedisBinary;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.ServerPlace;
import io.ratelimiter.localstack.process.Watcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The servers that all tests of a JVM share, each started when first needed. */
final class SharedServers implements AutoCloseable {

  private final Watcher watcher = new Watcher();
  private final Map<String, LocalServer> started = new HashMap<>();

  Watcher watcher() {
    return watcher;
  }

  RedisServer redis(RedisBinary binary) {
    return shared(
        RedisServer.class,
        "redis-" + binary,
        () ->
            new RedisServer(
                ServerPlace.temporary("redis", watcher),
                RedisServer.Options.DEFAULT.with(binary),
                watcher));
  }

  PostgresServer postgres() {
    return shared(
        PostgresServer.class,
        "postgres",
        () -> new PostgresServer(ServerPlace.temporary("postgres", watcher), List.of(), watcher));
  }

  KafkaServer kafka() {
    return shared(
        KafkaServer.class,
        "kafka",
        () -> new KafkaServer(ServerPlace.temporary("kafka", watcher), Map.of(), watcher));
  }

  private synchronized <S extends LocalServer> S shared(
      Class<S> type, String key, Supplier<S> maker) {
    LocalServer there = started.get(key);
    if (there == null) {
      there = maker.get();
      there.start();
      started.put(key, there);
    }
    return type.cast(there);
  }

  @Override
  public synchronized void close() {
    new ArrayList<>(started.values()).forEach(LocalServer::close);
    watcher.close();
  }
}
