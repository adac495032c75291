package io.ratelimiter.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Redis Sentinel that watches one primary and promotes its replica by itself: quorum 1. */
public final class RedisSentinel extends LocalServer {

  /**
   * What a Sentinel watches.
   *
   * @param name of the primary, as clients ask for it
   * @param primary watched from the start
   * @param password of the primary and its replicas; empty: none
   */
  public record Options(String name, RedisServer primary, String password) {}

  private final Options options;

  /** Nothing is started yet. */
  public RedisSentinel(ServerPlace place, Options options, Watcher watcher) {
    super("Redis Sentinel", place, watcher);
    this.options = options;
  }

  @Override
  List<String> prepare() {
    Path file = place().folder().resolve("sentinel.conf").toAbsolutePath();
    try {
      // A Sentinel keeps what it learned in its file, so one that starts again finds it there.
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
  Signal farewell() {
    return Signal.TERM;
  }

  /** Sends one command, as {@link RedisServer#command}. */
  public String command(String... command) {
    try (RedisConnection connection = RedisConnection.to(port())) {
      return connection.call(command);
    }
  }

  /** How many replicas, by what it last heard of them, have all that the primary has. */
  public long replicasInStep() {
    return command("SENTINEL", "REPLICAS", options.name()).lines().filter("ok"::equals).count();
  }

  /** The port of the primary that it names to clients. */
  public int primaryPort() {
    return Integer.parseInt(
        command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", options.name()).lines().toList().get(1));
  }
}
