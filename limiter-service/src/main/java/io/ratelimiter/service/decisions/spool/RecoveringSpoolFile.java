package io.ratelimiter.service.decisions.spool;

import io.ratelimiter.service.decisions.series.DropReason;
import io.ratelimiter.service.decisions.spool.file.SpoolFile;
import io.ratelimiter.service.decisions.spool.file.SpoolFolder;
import io.ratelimiter.service.decisions.spool.file.SpoolFolder.SpoolFolderInUseException;
import io.ratelimiter.service.decisions.spool.file.SpoolOpening;
import io.ratelimiter.service.decisions.spool.file.SpooledEvent;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spool's file, which recovers from faults: opening is retried, a torn file is salvaged, a
 * removed one recreated, and on a full volume the reserve is released. For one thread, unless
 * stated otherwise.
 */
final class RecoveringSpoolFile {

  /** Returned by {@link #append} when the disk fails. */
  static final int REFUSED = -1;

  private static final Logger log = LoggerFactory.getLogger(RecoveringSpoolFile.class);
  private static final Duration REOPEN = Duration.ofSeconds(2);

  /** A full disk that refuses a batch may accept a small write: its success is then no evidence. */
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(2);

  private final SpoolFolder folder;
  private final long maxBytes;
  private final Listener listener;
  private final SpoolHealth health = new SpoolHealth();
  private final SpoolSpace space;
  private @Nullable SpoolFile file;
  private @Nullable DropReason damage;
  private boolean displaced;
  private long nextOpenNanos = System.nanoTime();
  private long refusedNanos = System.nanoTime() - AFTER_REFUSAL.toNanos();

  /**
   * @param maxBytes max size of the files, bytes
   */
  RecoveringSpoolFile(SpoolFolder folder, long maxBytes, Listener listener) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.listener = listener;
    this.space = new SpoolSpace(folder.reserve(), health);
  }

  /** Reads or changes the file. */
  interface Task {
    void on(SpoolFile file) throws SQLException;
  }

  /** Notified of a file before anything else is done on it. */
  interface Listener {
    void opened(SpoolFile file) throws SQLException;

    /**
     * After {@link #opened}: the file contains the readable events of a torn file, or of one
     * removed while in use.
     */
    void salvaged(SpoolFile file, DropReason reason) throws SQLException;
  }

  /** Whether the last write succeeded. Any thread. */
  boolean usable() {
    return health.fault() == null;
  }

  /** Why it is not usable, for messages; null while it is. Any thread. */
  @Nullable String fault() {
    return health.fault();
  }

  /**
   * Runs a small write, which shows that the disk works again.
   *
   * @return false when there is no file or the disk failed
   */
  boolean write(Task task) {
    boolean written = run(task);
    if (written
        && System.nanoTime() - refusedNanos >= AFTER_REFUSAL.toNanos()
        && !displaced
        && space.available()) {
      health.worked();
    }
    return written;
  }

  /** Runs a task; returns false when there is no file or the disk failed. */
  boolean run(Task task) {
    SpoolFile open = openFile();
    try {
      if (open != null) {
        task.on(open);
      }
      return open != null;
    } catch (SQLException e) {
      fault(e);
      return false;
    }
  }

  /** As {@link #run}, for a task that removes rows: on a full volume it may use the reserve. */
  boolean remove(Task task) {
    return run(file -> {
      try {
        task.on(file);
      } catch (SQLException e) {
        if (!space.releaseFor(e)) {
          throw e;
        }
        file.emptyLog();
        task.on(file);
      }
    });
  }

  /**
   * Appends as many of the events as there is room for.
   *
   * @return number of events appended, or {@link #REFUSED}
   */
  int append(List<SpooledEvent> events) {
    SpoolFile open = openFile();
    try {
      if (open != null && !displaced && space.available()) {
        int appended = open.append(events);
        health.worked();
        return appended;
      }
    } catch (SQLException e) {
      fault(e);
    }
    refusedNanos = System.nanoTime();
    return REFUSED;
  }

  private @Nullable SpoolFile openFile() {
    SpoolFile open = file;
    boolean before = displaced;
    displaced = open != null && !(folder.isHeld() && open.isInPlace());
    if (displaced && !before) {
      health.failed("SPOOL_DIR or a file in it was removed, replaced or made inaccessible");
      nextOpenNanos = System.nanoTime();
    }
    if ((open == null || displaced) && System.nanoTime() - nextOpenNanos >= 0) {
      nextOpenNanos = System.nanoTime() + REOPEN.toNanos();
      reopen(open);
    }
    return file;
  }

  private void reopen(@Nullable SpoolFile open) {
    try {
      folder.holdAgain();
      if (open == null) {
        begin(SpoolOpening.open(folder, maxBytes));
      } else if (!open.isInPlace()) {
        replace(open);
      }
      displaced = false;
      space.checkNow();
      if (space.available()) {
        health.worked();
      }
    } catch (SQLException e) {
      if (space.releaseFor(e)) {
        nextOpenNanos = System.nanoTime();
      }
      fault(e);
    } catch (UncheckedIOException | SpoolFolderInUseException e) {
      health.failed(e);
    }
  }

  private void replace(SpoolFile open) throws SQLException {
    damage = DropReason.SPOOL_LOST;
    SpoolFile opened;
    try {
      opened = SpoolOpening.replace(folder, open, maxBytes);
    } finally {
      if (open.isClosed()) {
        file = null;
      }
    }
    begin(opened);
  }

  private void begin(SpoolFile opened) throws SQLException {
    boolean begun = false;
    try {
      listener.opened(opened);
      DropReason reason = damage;
      if (reason != null) {
        listener.salvaged(opened, reason);
        damage = null;
      }
      file = opened;
      begun = true;
    } finally {
      if (!begun) {
        opened.close();
      }
    }
  }

  private void fault(SQLException e) {
    health.failed(e);
    SpoolFile open = file;
    if (open != null && SpoolOpening.torn(e)) {
      salvage(open);
    }
  }

  private void salvage(SpoolFile broken) {
    file = null;
    damage = DropReason.SPOOL_CORRUPT;
    try {
      broken.close();
      begin(SpoolOpening.salvage(folder, maxBytes));
    } catch (SQLException | UncheckedIOException e) {
      log.error("The torn spool could not be salvaged; it will be tried again", e);
    }
  }
}
