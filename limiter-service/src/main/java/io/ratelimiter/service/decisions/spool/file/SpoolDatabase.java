package io.ratelimiter.service.decisions.spool.file;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;

/** A connection to the spool's SQLite database, with its tables. For one thread. */
final class SpoolDatabase implements AutoCloseable {

  /** SQLite's default; setting another one after the journal mode has no effect. */
  static final int PAGE_BYTES = 4096;

  /** Pages in the log after which SQLite writes them to the database. */
  static final int WAL_PAGES = 128;

  private final Connection connection;

  private SpoolDatabase(Connection connection) {
    this.connection = connection;
  }

  /** Opens the database, creating it if it is missing. Blocks on the disk. */
  static SpoolDatabase open(Path file) throws SQLException {
    SpoolDatabase database = new SpoolDatabase(connect(file));
    try {
      database.createTables();
      return database;
    } catch (SQLException e) {
      database.close();
      throw e;
    }
  }

  private static Connection connect(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    // A commit reaches the operating system at once and the disk with the next checkpoint.
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    return DriverManager.getConnection("jdbc:sqlite:" + file, config.toProperties());
  }

  private void createTables() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("pragma wal_autocheckpoint = " + WAL_PAGES);
      statement.execute(
          """
          create table if not exists epoch (
            id text primary key, instance text not null, partitions integer not null,
            published integer not null, stopped integer not null) without rowid\
          """);
      statement.execute(
          """
          create table if not exists series (
            epoch text not null, partition integer not null, issued integer not null,
            acked integer not null, dropped integer not null, never_handed integer not null,
            primary key (epoch, partition)) without rowid\
          """);
      // Not columns of epoch: an earlier version, to which an operator may return, inserts its own.
      statement.execute(
          """
          create table if not exists origin (
            epoch text primary key, topic text not null, region text) without rowid\
          """);
      // Otherwise an emptied table would reuse its ids, and replay, which resumes by id, would miss
      // events.
      statement.execute(
          """
          create table if not exists event (
            id integer primary key autoincrement, epoch text not null, partition integer not null,
            seq integer not null, kind text not null, event_id text not null, correlation_id text,
            time_us integer not null, key blob not null, value blob not null,
            spooled_at_ms integer not null, checksum integer not null)\
          """);
    }
  }

  Connection connection() {
    return connection;
  }

  /** Bytes of its pages that are in use. */
  long usedBytes() throws SQLException {
    return (pragma("page_count") - pragma("freelist_count")) * PAGE_BYTES;
  }

  long pragma(String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("pragma " + name)) {
      return result.getLong(1);
    }
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** An update of rows. */
  @FunctionalInterface
  interface Change {
    void run() throws SQLException;
  }

  /**
   * Makes a change in one transaction. Not with the driver's transactions: on a full disk SQLite
   * ends one by itself, which the driver does not notice, and then it never begins another.
   */
  void change(Change change) throws SQLException {
    execute("begin immediate");
    try {
      change.run();
      execute("commit");
    } catch (SQLException e) {
      rollback(e);
      throw e;
    }
  }

  private void rollback(SQLException cause) {
    try {
      execute("rollback");
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
