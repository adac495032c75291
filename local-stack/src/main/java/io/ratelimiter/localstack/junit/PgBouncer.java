package io.ratelimiter.localstack.junit;

import io.ratelimiter.localstack.Ports;
import io.ratelimiter.localstack.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The machine's PgBouncer in front of a PostgreSQL server, in transaction mode. */
public final class PgBouncer implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofSeconds(20);
  private static final int SERVER_SESSIONS = 5;

  /**
   * Logins, each with its name as password: the superuser and those of deploy/postgres/roles.sql.
   */
  private static final List<String> LOGINS =
      List.of(PostgresServer.RATELIMITER, "limiter", "auditor");

  private final Process process;
  private final int port;

  private PgBouncer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts PgBouncer; blocks until it accepts connections.
   *
   * @param folder receives its configuration and its log
   */
  public static PgBouncer before(PostgresServer postgres, Path folder) {
    int port = Ports.free();
    Path output = folder.resolve("pgbouncer.log");
    try {
      Path users =
          Files.writeString(
              folder.resolve("users.txt"),
              LOGINS.stream()
                  .map(login -> "\"%1$s\" \"%1$s\"\n".formatted(login))
                  .collect(Collectors.joining()));
      Path settings =
          Files.writeString(
              folder.resolve("pgbouncer.ini"), settings(postgres.port(), port, users));
      List<String> command = new ArrayList<>(List.of("pgbouncer"));
      if (System.getProperty("user.name").equals("root")) {
        // It refuses to run as root, and reads its files before it changes the user.
        command.addAll(List.of("-u", "nobody"));
      }
      command.add(settings.toString());
      PgBouncer pgBouncer = new PgBouncer(SystemPrograms.start(output, command), port);
      pgBouncer.awaitStart(output);
      return pgBouncer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String settings(int serverPort, int port, Path users) {
    return """
    [databases]
    * = host=127.0.0.1 port=%d
    [pgbouncer]
    listen_addr = 127.0.0.1
    listen_port = %d
    unix_socket_dir =
    auth_type = plain
    auth_file = %s
    pool_mode = transaction
    default_pool_size = %d
    # Consecutive transactions of one client use different sessions.
    server_round_robin = 1
    """
        .formatted(serverPort, port, users, SERVER_SESSIONS);
  }

  private void awaitStart(Path output) {
    long until = System.nanoTime() + START_LIMIT.toNanos();
    while (!accepts()) {
      if (endsSoon() || System.nanoTime() > until) {
        close();
        throw new AssertionError("PgBouncer did not start:\n" + SystemPrograms.text(output));
      }
    }
  }

  private boolean endsSoon() {
    try {
      return process.waitFor(20, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private boolean accepts() {
    try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
      return socket.isConnected();
    } catch (IOException _) {
      return false;
    }
  }

  /** A value for {@code DATABASE_URL}, as the superuser. */
  public String databaseUrl(String database) {
    return databaseUrl(PostgresServer.RATELIMITER, database);
  }

  /** A value for {@code DATABASE_URL}, for a login whose password is its name. */
  public String databaseUrl(String login, String database) {
    return "postgresql://%1$s:%1$s@127.0.0.1:%2$d/%3$s".formatted(login, port, database);
  }

  @Override
  public void close() {
    SystemPrograms.stop(process);
    process.onExit().join();
  }
}
