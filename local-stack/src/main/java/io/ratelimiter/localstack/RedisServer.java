package io.ratelimiter.localstack;

import io.ratelimiter.localstack.process.Signal;
import io.ratelimiter.localstack.process.Watcher;
import java.util.ArrayList;
import java.util.List;

/** A Redis server without eviction, as the product needs it. */
public final class RedisServer extends LocalServer {

  /**
   * Options of a Redis server.
   *
   * @param binary the program to run
   * @param appendOnly whether data survives a restart
   * @param arguments added to the command line, such as {@code "--maxmemory", "2mb"}
   */
  public record Options(RedisBinary binary, boolean appendOnly, List<String> arguments) {

    /** Any program, no data after a restart, no further arguments. */
    public static final Options DEFAULT = new Options(RedisBinary.ANY, false, List.of());

    public Options {
      arguments = List.copyOf(arguments);
    }

    /** The same with this program. */
    public Options with(RedisBinary other) {
      return new Options(other, appendOnly, arguments);
    }

    /** The same with further arguments. */
    public Options with(String... further) {
      List<String> all = new ArrayList<>(arguments);
      all.addAll(List.of(further));
      return new Options(binary, appendOnly, all);
    }
  }

  private final Options options;

  /** Creates a server that is not started yet. */
  public RedisServer(ServerPlace place, Options options, Watcher watcher) {
    super("Redis", place, watcher);
    this.options = options;
  }

  @Override
  List<String> prepare() {
    List<String> command = new ArrayList<>();
    command.add(options.binary().find().toString());
    add(command, "--port", String.valueOf(port()));
    add(command, "--bind", "127.0.0.1");
    add(command, "--dir", place().folder().toAbsolutePath().toString());
    add(command, "--save", "");
    add(command, "--appendonly", options.appendOnly() ? "yes" : "no");
    add(command, "--maxmemory-policy", "noeviction");
    add(command, "--daemonize", "no");
    command.addAll(options.arguments());
    return command;
  }

  private static void add(List<String> command, String name, String value) {
    command.add(name);
    command.add(value);
  }

  @Override
  boolean answers() {
    try (RedisConnection connection = RedisConnection.to(port())) {
      return connection.call("PING").equals("PONG");
    } catch (RedisConnection.ErrorReply e) {
      // A server with access control is ready although it refuses PING; one that is LOADING is not.
      return e.code().equals("NOAUTH") || e.code().equals("NOPERM");
    }
  }

  @Override
  Signal stopSignal() {
    return Signal.TERM;
  }

  /**
   * Sends one command over a new connection, such as {@code command("CLIENT", "PAUSE", "500")}.
   *
   * @return the reply as text: one line per element of a list, {@code "(nil)"} for nil
   * @throws RedisConnection.ErrorReply if Redis answers with an error
   */
  public String command(String... command) {
    try (RedisConnection connection = RedisConnection.to(port())) {
      return connection.call(command);
    }
  }

  /** {@code redis://localhost:port}. */
  public String url() {
    return "redis://localhost:" + port();
  }
}
