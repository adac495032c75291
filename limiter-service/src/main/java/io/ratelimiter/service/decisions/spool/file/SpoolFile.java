package io.ratelimiter.service.decisions.spool.file;

import io.ratelimiter.service.decisions.series.EpochRow;
import io.ratelimiter.service.decisions.series.SeriesCounts;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

/**
 * The spool's database: a thin layer over SQL. Committed data survives the end of the process; a
 * crash of the machine may lose the last moments. For one thread; every method blocks on the disk
 * and throws {@link SQLException} when the disk fails.
 */
public final class SpoolFile implements AutoCloseable {

  /** Max size of the log, bytes: its pages and one batch, with half a page unused per event. */
  private static final long WAL_BYTES = 2L * 1024 * 1024;

  private static final long OVERHEAD_BYTES = WAL_BYTES + Reserve.BYTES;

  /** Min size of the spool, bytes: less leaves no room beside the log and the reserve. */
  public static final long MIN_BYTES = 2 * OVERHEAD_BYTES;

  /** A batch is complete when its values reach this size, bytes. */
  public static final int BATCH_BYTES = 512 * 1024;

  private final SpoolDatabase database;
  private final long budgetBytes;
  private final EventRows events;
  private final EpochRows epochs;
  private final SpoolPath path;

  private SpoolFile(Path file, SpoolDatabase database, long maxBytes) throws SQLException {
    this.database = database;
    this.budgetBytes = budgetBytes(maxBytes);
    this.events = new EventRows(database.connection());
    this.epochs = new EpochRows(database.connection());
    this.path = SpoolPath.of(file);
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
    SpoolDatabase database = SpoolDatabase.open(file);
    try {
      return new SpoolFile(file, database, maxBytes);
    } catch (SQLException e) {
      database.close();
      throw e;
    }
  }

  /** Whether its files are still at their paths. Blocks on the disk. */
  public boolean isInPlace() {
    return path.isInPlace();
  }

  /** Whether the database is still at its path; its log may be missing. Blocks on the disk. */
  boolean databaseIsInPlace() {
    return path.database().isInPlace();
  }

  /** Deletes the log of a removed database, see {@link SpoolPath#deleteLog}. */
  void leavePath() throws SQLException {
    path.deleteLog();
  }

  /** Writes the contents of the log to the database and truncates the log. */
  public void emptyLog() throws SQLException {
    database.execute("pragma wal_checkpoint(truncate)");
  }

  /** False when the file was cut within a page, which SQLite reads as zeros. */
  static boolean endsWithAPage(Path file) {
    return file.toFile().length() % SpoolDatabase.PAGE_BYTES == 0;
  }

  /**
   * Appends as many of the events, in order, as there is room for, in one transaction.
   *
   * @return number of events appended
   */
  public int append(List<SpooledEvent> batch) throws SQLException {
    int fitting = fitting(batch);
    database.change(() -> events.insert(batch.subList(0, fitting), false));
    return fitting;
  }

  private int fitting(List<SpooledEvent> batch) throws SQLException {
    long room = budgetBytes - database.usedBytes();
    int count = 0;
    for (SpooledEvent event : batch) {
      room -= event.bytes();
      if (room < 0) {
        break;
      }
      count++;
    }
    return count;
  }

  /**
   * The next {@code limit} events after a row, in order.
   *
   * @throws SQLException also when a row is damaged, see {@link SpoolOpening#torn}
   */
  public List<SpooledEvent> read(long afterRow, int limit) throws SQLException {
    return events.read("id > ? order by id limit ?", afterRow, limit);
  }

  /**
   * The next events of other epochs than these after a row, in order: up to {@code limit}, or until
   * their total size reaches that of a batch.
   */
  public List<SpooledEvent> readExcept(List<String> epochs, long afterRow, int limit)
      throws SQLException {
    List<Object> arguments = new ArrayList<>(epochs);
    arguments.addAll(List.of(afterRow, limit));
    return events.read(
        BATCH_BYTES,
        "epoch not in (%s) and id > ? order by id limit ?"
            .formatted(String.join(", ", Collections.nCopies(epochs.size(), "?"))),
        arguments.toArray());
  }

  /** The next events of an epoch after a row, in order, with the bounds of {@link #readExcept}. */
  public List<SpooledEvent> read(String epoch, long afterRow, int limit) throws SQLException {
    return events.read(
        BATCH_BYTES, "epoch = ? and id > ? order by id limit ?", epoch, afterRow, limit);
  }

  /** When the oldest event was spooled, milliseconds since 1970; empty without events. */
  public OptionalLong oldestSpooledAtMillis() throws SQLException {
    List<SpooledEvent> oldest = read(0, 1);
    return oldest.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(oldest.getFirst().spooledAtMillis());
  }

  /** Deletes events. */
  public void delete(List<Long> ids) throws SQLException {
    database.change(() -> events.delete(ids));
  }

  /** Replaces events in their rows, all or none. */
  public void replace(List<SpooledEvent> changed) throws SQLException {
    database.change(() -> {
      events.delete(changed.stream().map(SpooledEvent::row).toList());
      events.insert(changed, true);
    });
  }

  /** Frees the disk space of an emptied spool. */
  public void shrink() throws SQLException {
    if (database.pragma("page_count") > SpoolDatabase.WAL_PAGES) {
      database.execute("vacuum");
      emptyLog();
    }
  }

  /** Inserts or updates an epoch. */
  public void write(EpochRow epoch) throws SQLException {
    database.change(() -> epochs.write(epoch));
  }

  /** Inserts or updates the counts of an epoch's series, without {@code spooled}. */
  public void write(String epoch, List<SeriesCounts> series) throws SQLException {
    database.change(() -> epochs.write(epoch, series));
  }

  /** Every stored epoch. */
  public List<EpochRow> epochs() throws SQLException {
    return epochs.all();
  }

  /**
   * The counts of an epoch's series that are stored or have spooled events. {@code issued} is never
   * below the highest spooled number. Reads the whole spool.
   */
  public List<SeriesCounts> series(String epoch) throws SQLException {
    return epochs.series(epoch);
  }

  /** Epochs of spooled events that are not stored, as a torn file may leave them. */
  public List<String> unknownEpochs() throws SQLException {
    return epochs.unknown();
  }

  /** Deletes a closed epoch. */
  public void delete(String epoch) throws SQLException {
    database.change(() -> epochs.delete(epoch));
  }

  /** Inserts events of a torn spool under their row ids, whatever the size. */
  void adopt(List<SpooledEvent> batch) throws SQLException {
    database.change(() -> events.insert(batch, true));
  }

  /** Inserts events of a displaced spool under new row ids, whatever the size. */
  void adoptAtEnd(List<SpooledEvent> batch) throws SQLException {
    database.change(() -> events.insert(batch, false));
  }

  /** A torn file may return a row twice: until {@link #adopted}, each number is inserted once. */
  void beginAdoption() throws SQLException {
    database.change(() ->
        database.execute(
            "create unique index if not exists number on event (epoch, partition, seq)"));
  }

  /** Ends what {@link #beginAdoption} began. */
  void adopted() throws SQLException {
    database.change(() -> database.execute("drop index number"));
  }

  /** For tests: simulates a disk that is full after this many pages. */
  void limitPages(long pages) throws SQLException {
    database.pragma("max_page_count = " + pages);
  }

  /** Whether {@link #close} was called. */
  public boolean isClosed() throws SQLException {
    return database.connection().isClosed();
  }

  @Override
  public void close() throws SQLException {
    database.close();
  }
}
