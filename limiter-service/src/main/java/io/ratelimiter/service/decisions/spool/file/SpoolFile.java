package io.ratelimiter.service.decisions.spool.file;

import io.ratelimiter.service.decisions.series.EpochRow;
import io.ratelimiter.service.decisions.series.SeriesCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalLong;
import org.sqlite.SQLiteConfig;

/**
 * The spool's database: a thin layer over SQL. Committed data survives the end of the process; a
 * crash of the machine may lose the last moments. For one thread; every method blocks on the disk
 * and throws {@link SQLException} when the disk fails.
 */
public final class SpoolFile implements AutoCloseable {

  /** SQLite's default; setting another one after the journal mode has no effect. */
  private static final int PAGE_BYTES = 4096;

  private static final int WAL_PAGES = 128;

  /** Max size of the log, bytes: WAL_PAGES and one batch, with half a page unused per event. */
  private static final long WAL_BYTES = 2L * 1024 * 1024;

  private static final long OVERHEAD_BYTES = WAL_BYTES + Reserve.BYTES;

  /** Min size of the spool, bytes: less leaves no room beside the log and the reserve. */
  public static final long MIN_BYTES = 2 * OVERHEAD_BYTES;

  /** A batch is complete when its values reach this size, bytes. */
  public static final int BATCH_BYTES = 512 * 1024;

  private final Connection connection;
  private final long budgetBytes;
  private final SpoolRows rows;
  private final List<FileIdentity> identities;

  private SpoolFile(Path path, Connection connection, long maxBytes) throws SQLException {
    this.connection = connection;
    this.budgetBytes = budgetBytes(maxBytes);
    this.rows = new SpoolRows(connection);
    this.identities = identities(path);
  }

  /** SQLite keeps the database and its log open until the connection is closed. */
  private static List<FileIdentity> identities(Path file) throws SQLException {
    try {
      return List.of(FileIdentity.of(file), FileIdentity.of(beside(file, "-wal")));
    } catch (IOException e) {
      throw new SQLException("the spool was removed while it was opened: " + e, e);
    }
  }

  static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /** Max size of the events in a spool of this size, bytes. */
  public static long budgetBytes(long maxBytes) {
    return maxBytes - OVERHEAD_BYTES;
  }

  /**
   * Opens the database, creating it if it is missing.
   *
   * @param maxBytes max size of its files and the reserve together, bytes
   */
  public static SpoolFile open(Path file, long maxBytes) throws SQLException {
    Connection connection = connect(file);
    try {
      createTables(connection);
      return new SpoolFile(file, connection, maxBytes);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Whether its files are still at their paths. Blocks on the disk. */
  public boolean isInPlace() {
    return identities.stream().allMatch(FileIdentity::isInPlace);
  }

  /** Whether the database is still at its path; its log may be missing. Blocks on the disk. */
  boolean databaseIsInPlace() {
    return identities.getFirst().isInPlace();
  }

  /**
   * Deletes the log of a removed database; a new database at the same path would apply it. Blocks
   * on the disk.
   */
  void leavePath() throws SQLException {
    FileIdentity log = identities.getLast();
    if (log.isInPlace()) {
      try {
        Files.delete(log.path());
        Files.deleteIfExists(beside(identities.getFirst().path(), "-shm"));
      } catch (IOException e) {
        throw new SQLException("the log of a removed spool cannot be removed: " + e, e);
      }
    }
  }

  /** Writes the contents of the log to the database and truncates the log. */
  public void emptyLog() throws SQLException {
    execute("pragma wal_checkpoint(truncate)");
  }

  /** False when the file was cut within a page, which SQLite reads as zeros. */
  static boolean endsWithAPage(Path file) {
    return file.toFile().length() % PAGE_BYTES == 0;
  }

  private static Connection connect(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    // A commit reaches the operating system at once and the disk with the next checkpoint.
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    return DriverManager.getConnection("jdbc:sqlite:" + file, config.toProperties());
  }

  private static void createTables(Connection connection) throws SQLException {
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

  /**
   * Appends as many of the events, in order, as there is room for, in one transaction.
   *
   * @return number of events appended
   */
  public int append(List<SpooledEvent> events) throws SQLException {
    int fitting = fitting(events);
    change(() -> rows.insert(events.subList(0, fitting), false));
    return fitting;
  }

  private int fitting(List<SpooledEvent> events) throws SQLException {
    long room = budgetBytes - usedBytes();
    int count = 0;
    for (SpooledEvent event : events) {
      room -= event.bytes();
      if (room < 0) {
        break;
      }
      count++;
    }
    return count;
  }

  private long usedBytes() throws SQLException {
    return (pragma("page_count") - pragma("freelist_count")) * PAGE_BYTES;
  }

  private long pragma(String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("pragma " + name)) {
      return result.getLong(1);
    }
  }

  /**
   * The next {@code limit} events after a row, in order.
   *
   * @throws SQLException also when a row is damaged, see {@link SpoolOpening#torn}
   */
  public List<SpooledEvent> read(long afterRow, int limit) throws SQLException {
    return rows.read("id > ? order by id limit ?", afterRow, limit);
  }

  /** The next {@code limit} events of an epoch after a row, in order. */
  public List<SpooledEvent> read(String epoch, long afterRow, int limit) throws SQLException {
    return rows.read("epoch = ? and id > ? order by id limit ?", epoch, afterRow, limit);
  }

  /** When the oldest event was spooled, milliseconds since 1970; empty without events. */
  public OptionalLong oldestSpooledAtMillis() throws SQLException {
    List<SpooledEvent> oldest = read(0, 1);
    return oldest.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(oldest.getFirst().spooledAtMillis());
  }

  /** Deletes rows. */
  public void delete(List<Long> ids) throws SQLException {
    change(() -> rows.delete(ids));
  }

  /** Replaces events in their rows, all or none. */
  public void replace(List<SpooledEvent> events) throws SQLException {
    change(() -> {
      rows.delete(events.stream().map(SpooledEvent::row).toList());
      rows.insert(events, true);
    });
  }

  /** Frees the disk space of an emptied spool. */
  public void shrink() throws SQLException {
    if (pragma("page_count") > WAL_PAGES) {
      execute("vacuum");
      emptyLog();
    }
  }

  /** Inserts or updates an epoch. */
  public void write(EpochRow epoch) throws SQLException {
    change(() -> {
      try (PreparedStatement statement =
          connection.prepareStatement("insert or replace into epoch values (?, ?, ?, ?, ?)")) {
        statement.setString(1, epoch.id());
        statement.setString(2, epoch.instance());
        statement.setInt(3, epoch.partitions());
        statement.setBoolean(4, epoch.published());
        statement.setBoolean(5, epoch.stopped());
        statement.executeUpdate();
      }
    });
  }

  /** Inserts or updates the counts of an epoch's series, without {@code spooled}. */
  public void write(String epoch, List<SeriesCounts> series) throws SQLException {
    change(() -> {
      try (PreparedStatement statement =
          connection.prepareStatement("insert or replace into series values (?, ?, ?, ?, ?, ?)")) {
        for (SeriesCounts counts : series) {
          statement.setString(1, epoch);
          statement.setInt(2, counts.partition());
          statement.setLong(3, counts.issued());
          statement.setLong(4, counts.acked());
          statement.setLong(5, counts.dropped());
          statement.setLong(6, counts.neverSent());
          statement.addBatch();
        }
        statement.executeBatch();
      }
    });
  }

  /** Every stored epoch. */
  public List<EpochRow> epochs() throws SQLException {
    return rows.epochs();
  }

  /**
   * The counts of an epoch's series that are stored or have spooled events. {@code issued} is never
   * below the highest spooled number. Reads the whole spool.
   */
  public List<SeriesCounts> series(String epoch) throws SQLException {
    return rows.series(epoch);
  }

  /** Epochs of spooled events that are not stored, as a torn file may leave them. */
  public List<String> unknownEpochs() throws SQLException {
    return rows.unknownEpochs();
  }

  /** Deletes a closed epoch. */
  public void delete(String epoch) throws SQLException {
    change(() -> {
      for (String sql :
          List.of("delete from series where epoch = ?", "delete from epoch where id = ?")) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
          statement.setString(1, epoch);
          statement.executeUpdate();
        }
      }
    });
  }

  /** Inserts events of a torn spool under their row ids, whatever the size. */
  void adopt(List<SpooledEvent> events) throws SQLException {
    change(() -> rows.insert(events, true));
  }

  /** Inserts events of a displaced spool under new row ids, whatever the size. */
  void adoptAtEnd(List<SpooledEvent> events) throws SQLException {
    change(() -> rows.insert(events, false));
  }

  /** A torn file may return a row twice: until {@link #adopted}, each number is inserted once. */
  void beginAdoption() throws SQLException {
    change(
        () -> execute("create unique index if not exists number on event (epoch, partition, seq)"));
  }

  /** Ends what {@link #beginAdoption} began. */
  void adopted() throws SQLException {
    change(() -> execute("drop index number"));
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** For tests: simulates a disk that is full after this many pages. */
  void limitPages(long pages) throws SQLException {
    pragma("max_page_count = " + pages);
  }

  @FunctionalInterface
  private interface Change {
    void run() throws SQLException;
  }

  /**
   * Not with the driver's transactions: on a full disk SQLite ends one by itself, which the driver
   * does not notice, and then it never begins another.
   */
  private void change(Change change) throws SQLException {
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

  /** Whether {@link #close} was called. */
  public boolean isClosed() throws SQLException {
    return connection.isClosed();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
