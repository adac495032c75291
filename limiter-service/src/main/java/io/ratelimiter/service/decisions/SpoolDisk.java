package io.ratelimiter.service.decisions;

import io.ratelimiter.service.decisions.spool.SpoolFile;
import io.ratelimiter.service.decisions.spool.SpoolFolder;
import io.ratelimiter.service.decisions.spool.SpoolFolder.SpoolFolderInUseException;
import io.ratelimiter.service.decisions.spool.SpoolOpening;
import io.ratelimiter.service.decisions.spool.SpooledEvent;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spool's file with its faults: one that cannot be opened is tried again, a torn one is
 * salvaged, one that was removed is made again, and a full volume is emptied with its reserve. For
 * one thread, unless stated otherwise.
 */
final class SpoolDisk {

  /** What {@link #append} answers when the disk refuses. */
  static final int REFUSED = -1;

  private static final Logger log = LoggerFactory.getLogger(SpoolDisk.class);
  private static final Duration REOPEN = Duration.ofSeconds(2);

  /** A full disk that refuses a batch may well take a note: appends tell more than notes. */
  private static final Duration REFUSAL_COUNTS = Duration.ofSeconds(2);

  private final SpoolFolder folder;
  private final long maxBytes;
  private final Newcomer newcomer;
  private final SpoolHealth health = new SpoolHealth();
  private final SpoolRoom room;
  private @Nullable SpoolFile file;
  private @Nullable DropReason damage;
  private boolean displaced;
  private long nextOpenNanos = System.nanoTime();
  private long refusedNanos = System.nanoTime() - REFUSAL_COUNTS.toNanos();

  /**
   * @param maxBytes most that the files may take
   */
  SpoolDisk(SpoolFolder folder, long maxBytes, Newcomer newcomer) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.newcomer = newcomer;
    this.room = new SpoolRoom(folder, health);
  }

  /** Something to do on the file. */
  interface Task {
    void on(SpoolFile file) throws SQLException;
  }

  /** Learns of a file before anything else is done on it. */
  interface Newcomer {

    /** It was opened as it is. */
    void opened(SpoolFile file) throws SQLException;

    /**
     * The spool was opened; it holds what could be read of a torn or removed one that was in use.
     */
    void salvaged(SpoolFile file, DropReason reason) throws SQLException;
  }

  /** Whether the disk took the last that was to be written. Any thread. */
  boolean usable() {
    return health.fault() == null;
  }

  /** Why it is not usable, for messages; null while it is. Any thread. */
  @Nullable String fault() {
    return health.fault();
  }

  /**
   * Writes something small, which shows that the disk works again; false when there is no file or
   * the disk refused.
   */
  boolean write(Task task) {
    boolean written = with(task);
    if (written
        && System.nanoTime() - refusedNanos >= REFUSAL_COUNTS.toNanos()
        && !displaced
        && room.isThere()) {
      health.worked();
    }
    return written;
  }

  /** Does something on the file; false when there is none or the disk refused. */
  boolean with(Task task) {
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

  /**
   * As {@link #with}, for work that removes rows: on a full volume the reserve is released for it.
   */
  boolean empty(Task task) {
    return with(file -> {
      try {
        task.on(file);
      } catch (SQLException e) {
        if (!room.givenFor(e)) {
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
   * @return how many, or {@link #REFUSED}
   */
  int append(List<SpooledEvent> events) {
    SpoolFile open = openFile();
    try {
      if (open != null && !displaced && room.isThere()) {
        int written = open.append(events);
        health.worked();
        return written;
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
      openAnew(open);
    }
    return file;
  }

  private void openAnew(@Nullable SpoolFile open) {
    try {
      folder.holdAgain();
      if (open == null) {
        begin(SpoolOpening.open(folder, maxBytes));
      } else if (!open.isInPlace()) {
        replace(open);
      }
      displaced = false;
      room.lookAgain();
      if (room.isThere()) {
        health.worked();
      }
    } catch (SQLException e) {
      if (room.givenFor(e)) {
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
      newcomer.opened(opened);
      DropReason reason = damage;
      if (reason != null) {
        newcomer.salvaged(opened, reason);
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
      log.error("The torn spool could not be salvaged, it is tried again", e);
    }
  }
}
