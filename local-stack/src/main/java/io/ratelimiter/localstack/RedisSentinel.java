package io.ratelimiter.localstack;

import io.ratelimiter.localstack.process.Signal;
import io.ratelimiter.localstack.process.Watcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Redis Sentinel that watches one primary and promotes its replica alone, with quorum 1. */
public final class RedisSentinel extends LocalServer {

  /**
   * The watched primary.
   *
   * @param name of the primary, as clients request it
   * @param primary the server that is the primary at first
   * @param password of the primary and its replicas; empty for none
   */
  public record Options(String name, RedisServer primary, String password) {}

  private final Options options;

  /** Creates a Sentinel that is not started yet. */
  public RedisSentinel(ServerPlace place, Options options, Watcher watcher) {
    super("Redis Sentinel", place, watcher);
    this.options = options;
  }

  @Override
  List<String> prepare() {
    Path file = place().folder().resolve("sentinel.conf").toAbsolutePath();
    try {
      // Sentinel writes its state to this file and needs it after a restart.
      if (!Files.exists(file)) {
        Files.write(file, settings());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.of(RedisBinary.ANY.find().toString(), file.toString(), "--sentinel");
  }

  private List<String> settings() {
    String name = options.name();
    List<String> lines = new ArrayList<>();
    lines.add("port " + port());
    lines.add("bind 127.0.0.1");
    lines.add("dir " + place().folder().toAbsolutePath());
    lines.add("daemonize no");
    lines.add("sentinel monitor " + name + " 127.0.0.1 " + options.primary().port() + " 1");
    lines.add("sentinel down-after-milliseconds " + name + " 500");
    lines.add("sentinel failover-timeout " + name + " 5000");
    if (!options.password().isEmpty()) {
      lines.add("sentinel auth-pass " + name + " " + options.password());
    }
    return lines;
  }

  @Override
  boolean answers() {
    return command("PING").equals("PONG");
  }

  @Override
  Signal stopSignal() {
    return Signal.TERM;
  }

  /** Sends one command; see {@link RedisServer#command}. */
  public String command(String... command) {
    try (RedisConnection connection = RedisConnection.to(port())) {
      return connection.call(command);
    }
  }

  /** Number of replicas whose replication link was up by their last report. */
  public long replicasInStep() {
    return command("SENTINEL", "REPLICAS", options.name()).lines().filter("ok"::equals).count();
  }

  /** The port of the current primary. */
  public int primaryPort() {
    return Integer.parseInt(
        command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", options.name()).lines().toList().get(1));
  }
}
