package io.ratelimiter.localstack;

import io.ratelimiter.localstack.process.BundledPrograms;
import io.ratelimiter.localstack.process.ChildProcess;
import io.ratelimiter.localstack.process.Folders;
import io.ratelimiter.localstack.process.ServerNotStarted;
import io.ratelimiter.localstack.process.Signal;
import io.ratelimiter.localstack.process.Unprivileged;
import io.ratelimiter.localstack.process.Watcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL 18 whose database, superuser and password are named {@code ratelimiter}. */
public final class PostgresServer extends LocalServer {

  /** Name of the database, the user, and the password. */
  public static final String RATELIMITER = "ratelimiter";

  private static final String VERSION = "18.6.0";
  private static final Duration INITDB_LIMIT = Duration.ofSeconds(60);
  private static final Pattern DATABASE_NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  private final List<String> settings;
  private final Unprivileged unprivileged = Unprivileged.onThisMachine();

  /**
   * Creates a server that is not started yet.
   *
   * @param settings as in the configuration file, such as {@code "max_connections=20"}
   */
  public PostgresServer(ServerPlace place, List<String> settings, Watcher watcher) {
    super("PostgreSQL", place, watcher);
    this.settings = List.copyOf(settings);
  }

  @Override
  List<String> prepare() {
    if (!Files.exists(data())) {
      initialize();
    }
    deleteStaleLockFile();
    List<String> command = program("postgres");
    command.add("-D");
    command.add(data().toString());
    Stream.concat(builtInSettings(), settings.stream())
        .forEach(setting -> {
          command.add("-c");
          command.add(setting);
        });
    return command;
  }

  private Stream<String> builtInSettings() {
    Stream<String> all =
        Stream.of(
            "port=" + port(),
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            // In the data folder, so that the next start deletes what a kill left.
            "dynamic_shared_memory_type=mmap");
    // synchronous_commit stays on: without it a kill would lose commits.
    Stream<String> fast = Stream.of("fsync=off", "full_page_writes=off");
    return place().durable() ? all : Stream.concat(all, fast);
  }

  /**
   * Initializes a folder beside the data folder and renames it, so that the data folder is
   * complete.
   */
  private void initialize() {
    Path fresh = data().resolveSibling("pgdata.new");
    Folders.delete(fresh);
    try {
      Files.createDirectories(fresh);
      Path password = Files.writeString(place().folder().resolve("password"), RATELIMITER);
      unprivileged.giveOwnership(place().folder());
      List<String> command = program("initdb");
      command.addAll(List.of("-D", fresh.toString(), "--pwfile=" + password));
      command.addAll(List.of("--username=" + RATELIMITER, "--auth=scram-sha-256"));
      command.addAll(List.of("--encoding=UTF8", "--locale-provider=builtin"));
      command.addAll(List.of("--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"));
      // Its files are lost only if the machine crashes before the first checkpoint.
      command.add("--no-sync");
      run("PostgreSQL's initdb", command);
      Files.delete(password);
      Files.move(fresh, data(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run(String what, List<String> command) {
    ChildProcess process = launch(what, command, place().logFile());
    boolean ended = process.endedWithin(INITDB_LIMIT);
    if (!ended) {
      process.kill();
    }
    if (!ended || process.exit().join() != 0) {
      throw new ServerNotStarted(what + " failed:\n" + ChildProcess.tail(place().logFile()));
    }
  }

  private List<String> program(String name) {
    String arch = BundledPrograms.isArm() ? "arm_64" : "x86_64";
    Path installation =
        unprivileged
            .bundledPrograms()
            .archive("postgres-" + BundledPrograms.system() + "-" + arch + ".txz", VERSION);
    List<String> command = new ArrayList<>(unprivileged.prefix());
    command.add(installation.resolve("bin").resolve(name).toString());
    return command;
  }

  /**
   * After a crash the lock file has a process id that another program may have by now; PostgreSQL
   * would take that program for a running server.
   */
  private void deleteStaleLockFile() {
    Path lock = data().resolve("postmaster.pid");
    try {
      if (Files.exists(lock) && !isPostgres(Files.readAllLines(lock).getFirst())) {
        Files.delete(lock);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isPostgres(String pid) {
    return ProcessHandle.of(Long.parseLong(pid.strip()))
        .flatMap(process -> process.info().command())
        .filter(command -> command.endsWith("postgres"))
        .isPresent();
  }

  private Path data() {
    return place().folder().toAbsolutePath().resolve("pgdata");
  }

  @Override
  boolean answers() {
    try (Connection connection = connect("postgres")) {
      return connection.isValid(5);
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  @Override
  void afterStart() {
    try (Connection connection = connect("postgres");
        var query = connection.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?")) {
      query.setString(1, RATELIMITER);
      if (!query.executeQuery().next()) {
        createDatabase(RATELIMITER);
      }
    } catch (SQLException e) {
      throw new ServerNotStarted("PostgreSQL's database cannot be created", e);
    }
  }

  /** Creates an empty database in UTF-8; see {@link #createDatabase(String, String)}. */
  public String createDatabase(String database) {
    return createDatabase(database, "UTF8");
  }

  /**
   * Creates an empty database with this encoding. Blocks.
   *
   * @param database {@code [a-z_][a-z0-9_]{0,62}}
   * @param encoding PostgreSQL's name of the encoding, such as {@code LATIN1}
   * @return its JDBC URL, user and password included
   */
  public String createDatabase(String database, String encoding) {
    if (!DATABASE_NAME.matcher(database).matches()) {
      throw new IllegalArgumentException("not a database name: " + database);
    }
    // The cluster's own locale requires UTF-8.
    String locale =
        encoding.equals("UTF8")
            ? ""
            : " TEMPLATE template0 LOCALE 'C' LOCALE_PROVIDER libc ENCODING '" + encoding + "'";
    try (Connection connection = connect("postgres");
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + database + locale);
      return jdbcUrl(database);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create database " + database, e);
    }
  }

  /** Opens a connection to a database as the superuser. */
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(jdbcUrl(database));
  }

  /** JDBC URL of the database {@code ratelimiter}, user and password included. */
  public String jdbcUrl() {
    return jdbcUrl(RATELIMITER);
  }

  /** JDBC URL of a database, user and password included. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://localhost:%d/%s?user=%s&password=%s"
        .formatted(port(), database, RATELIMITER, RATELIMITER);
  }

  /** A value for {@code DATABASE_URL}. */
  public String databaseUrl() {
    return "postgresql://%s:%s@localhost:%d/%s"
        .formatted(RATELIMITER, RATELIMITER, port(), RATELIMITER);
  }

  /** INT is PostgreSQL's fast shutdown: it ends sessions and writes the data. */
  @Override
  Signal stopSignal() {
    return Signal.INT;
  }

  /** Not KILL, which would leave shared memory behind. */
  @Override
  Signal orphanSignal() {
    return place().durable() ? stopSignal() : Signal.QUIT;
  }

  @Override
  Map<String, @Nullable String> environment() {
    Map<String, @Nullable String> environment = new HashMap<>();
    System.getenv().keySet().stream()
        .filter(variable -> variable.startsWith("PG"))
        .forEach(variable -> environment.put(variable, null));
    environment.put("LC_ALL", "C");
    return environment;
  }
}
