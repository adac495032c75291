package io.ratelimiter.service.decisions.spool.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * The files of an open spool: SQLite keeps the database and its log open until the connection is
 * closed, also when they were removed or replaced.
 */
record SpoolPath(FileIdentity database, FileIdentity log) {

  /** Files that are open now. Blocks on the disk. */
  static SpoolPath of(Path file) throws SQLException {
    try {
      return new SpoolPath(FileIdentity.of(file), FileIdentity.of(beside(file, "-wal")));
    } catch (IOException e) {
      throw new SQLException("the spool was removed while it was opened: " + e, e);
    }
  }

  static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  boolean isInPlace() {
    return database.isInPlace() && log.isInPlace();
  }

  /**
   * Deletes the log of a removed database; a new database at the same path would apply it. Blocks
   * on the disk.
   */
  void deleteLog() throws SQLException {
    if (log.isInPlace()) {
      try {
        Files.delete(log.path());
        Files.deleteIfExists(beside(database.path(), "-shm"));
      } catch (IOException e) {
        throw new SQLException("the log of a removed spool cannot be removed: " + e, e);
      }
    }
  }
}
