package io.ratelimiter.service.decisions.spool.file;

import io.ratelimiter.service.decisions.series.EpochRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Opens the spool; the readable events of a torn file are copied into a new one. */
public final class SpoolOpening {

  private static final Logger log = LoggerFactory.getLogger(SpoolOpening.class);
  private static final String TORN = "torn.db";
  private static final Set<Integer> TORN_CODES =
      Set.of(SQLiteErrorCode.SQLITE_CORRUPT.code, SQLiteErrorCode.SQLITE_NOTADB.code);

  private static final Set<Integer> ROOM_CODES =
      Set.of(SQLiteErrorCode.SQLITE_FULL.code, SQLiteErrorCode.SQLITE_IOERR.code);

  private static final Set<Integer> LOCKED_CODES =
      Set.of(SQLiteErrorCode.SQLITE_BUSY.code, SQLiteErrorCode.SQLITE_LOCKED.code);
  private static final Set<Integer> IO_CODES =
      Set.of(SQLiteErrorCode.SQLITE_IOERR.code, SQLiteErrorCode.SQLITE_INTERRUPT.code);

  private SpoolOpening() {}

  /**
   * Opens the folder's spool and reads all of it once. Blocks on the disk.
   *
   * @throws SQLException when the disk fails
   */
  public static SpoolFile open(SpoolFolder folder, long maxBytes) throws SQLException {
    finishInterrupted(folder);
    if (!SpoolFile.endsWithAPage(folder.file())) {
      log.warn("The spool {} ends within a page", folder.file());
      return salvage(folder, maxBytes);
    }
    try {
      return openWhole(folder, maxBytes);
    } catch (SQLException e) {
      if (!torn(e)) {
        throw e;
      }
      log.warn("The spool {} is torn: {}", folder.file(), e.getMessage());
      return salvage(folder, maxBytes);
    }
  }

  private static SpoolFile openWhole(SpoolFolder folder, long maxBytes) throws SQLException {
    SpoolFile file = SpoolFile.open(folder.file(), maxBytes);
    try {
      for (EpochRow epoch : file.epochs()) {
        file.series(epoch.id());
      }
      file.unknownEpochs();
      return file;
    } catch (SQLException e) {
      file.close();
      throw e;
    }
  }

  /** Whether the file itself is damaged, as opposed to a full or missing disk. */
  public static boolean torn(SQLException e) {
    return isOneOf(TORN_CODES, e);
  }

  /** Whether the fault may be a full volume. */
  public static boolean mayLackRoom(SQLException e) {
    return isOneOf(ROOM_CODES, e);
  }

  /** Whether another process has locked the file, which is unharmed. */
  static boolean locked(SQLException e) {
    return isOneOf(LOCKED_CODES, e);
  }

  /** Whether the same read may succeed later: the file is locked, or I/O failed once. */
  static boolean mayPass(SQLException e) {
    return locked(e) || isOneOf(IO_CODES, e);
  }

  private static boolean isOneOf(Set<Integer> codes, SQLException e) {
    return e instanceof SQLiteException fault && codes.contains(fault.getResultCode().code & 0xff);
  }

  /**
   * Opens the folder's spool in place of one that was removed while it was open, copies the removed
   * one's events to it and closes that. Blocks on the disk.
   *
   * @throws SQLException when the disk fails; the removed one is unchanged and open
   */
  public static SpoolFile replace(SpoolFolder folder, SpoolFile displaced, long maxBytes)
      throws SQLException {
    if (displaced.databaseIsInPlace()) {
      displaced.emptyLog();
      displaced.close();
      return open(folder, maxBytes);
    }
    displaced.leavePath();
    SpoolFile file = open(folder, maxBytes);
    try {
      new DisplacedSpool(displaced, file).copy();
    } catch (SQLException | RuntimeException e) {
      file.close();
      throw e;
    }
    displaced.close();
    return file;
  }

  /** Restarts an interrupted salvage: the torn file exists until the salvage has succeeded. */
  private static void finishInterrupted(SpoolFolder folder) {
    Path torn = folder.file().resolveSibling(TORN);
    if (Files.exists(torn)) {
      move(torn, folder.file());
    }
  }

  /** Copies the readable events of a closed, damaged spool into a new one. Blocks on the disk. */
  public static SpoolFile salvage(SpoolFolder folder, long maxBytes) throws SQLException {
    Path torn = folder.file().resolveSibling(TORN);
    move(folder.file(), torn);
    SpoolFile file = SpoolFile.open(folder.file(), maxBytes);
    try {
      long salvaged = new TornSpool(torn, file).copy();
      remove(torn);
      log.warn("{} events were read from the torn spool; all others in it are lost", salvaged);
      return file;
    } catch (SQLException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static void move(Path from, Path to) {
    try {
      remove(to);
      Files.deleteIfExists(SpoolPath.beside(from, "-shm"));
      if (Files.exists(SpoolPath.beside(from, "-wal"))) {
        Files.move(
            SpoolPath.beside(from, "-wal"),
            SpoolPath.beside(to, "-wal"),
            StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
      Files.deleteIfExists(SpoolPath.beside(file, "-wal"));
      Files.deleteIfExists(SpoolPath.beside(file, "-shm"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
