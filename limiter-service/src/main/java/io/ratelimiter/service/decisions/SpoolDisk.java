package io.ratelimiter.service.decisions;

import io.ratelimiter.service.decisions.spool.SpoolFile;
import io.ratelimiter.service.decisions.spool.SpoolFolder;
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
 * salvaged, and each fault is said once. For one thread, except where said.
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
  private @Nullable SpoolFile file;
  private String said = "";
  private boolean torn;
  private long nextOpenNanos = System.nanoTime();
  private long refusedNanos = System.nanoTime() - REFUSAL_COUNTS.toNanos();
  private volatile boolean usable;

  /**
   * @param maxBytes most that the files may take
   */
  SpoolDisk(SpoolFolder folder, long maxBytes, Newcomer newcomer) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.newcomer = newcomer;
  }

  /** Something to do on the file. */
  interface Task {
    void on(SpoolFile file) throws SQLException;
  }

  /** Learns of a file before anything else is done on it. */
  interface Newcomer {

    /** It was opened as it is. */
    void opened(SpoolFile file) throws SQLException;

    /** It was opened, and holds what could be read of a torn one that was in use. */
    void salvaged(SpoolFile file) throws SQLException;
  }

  /** Whether the disk took the last that was to be written. Any thread. */
  boolean usable() {
    return usable;
  }

  /**
   * Writes something small, which shows that the disk works again; false when there is no file or
   * the disk refused.
   */
  boolean write(Task task) {
    boolean written = with(task);
    if (written && System.nanoTime() - refusedNanos >= REFUSAL_COUNTS.toNanos()) {
      worked();
    }
    return written;
  }

  /** Does something on the file; false when there is none or the disk refused. */
  boolean with(Task task) {
    SpoolFile open = openFile();
    if (open == null) {
      return false;
    }
    try {
      task.on(open);
      return true;
    } catch (SQLException e) {
      fault(e);
      return false;
    }
  }

  /**
   * Appends as many of the events as there is room for.
   *
   * @return how many, or {@link #REFUSED}
   */
  int append(List<SpooledEvent> events) {
    SpoolFile open = openFile();
    if (open == null) {
      return REFUSED;
    }
    try {
      int written = open.append(events);
      worked();
      return written;
    } catch (SQLException e) {
      refusedNanos = System.nanoTime();
      fault(e);
      return REFUSED;
    }
  }

  private @Nullable SpoolFile openFile() {
    if (file == null && System.nanoTime() - nextOpenNanos >= 0) {
      nextOpenNanos = System.nanoTime() + REOPEN.toNanos();
      try {
        begin(SpoolOpening.open(folder, maxBytes));
        worked();
      } catch (SQLException | UncheckedIOException e) {
        fault(e);
      }
    }
    return file;
  }

  private void begin(SpoolFile opened) throws SQLException {
    try {
      newcomer.opened(opened);
      if (torn) {
        newcomer.salvaged(opened);
        torn = false;
      }
      file = opened;
    } finally {
      if (file == null) {
        opened.close();
      }
    }
  }

  private void worked() {
    if (!said.isEmpty()) {
      log.info("The spool works again");
    }
    said = "";
    usable = true;
  }

  private void fault(Exception e) {
    usable = false;
    String message = String.valueOf(e.getMessage());
    if (!message.equals(said)) {
      log.warn("The spool does not work: {}", message);
    }
    said = message;
    SpoolFile open = file;
    if (open != null && e instanceof SQLException fault && SpoolOpening.torn(fault)) {
      salvage(open);
    }
  }

  private void salvage(SpoolFile broken) {
    file = null;
    torn = true;
    try {
      broken.close();
      begin(SpoolOpening.salvage(folder, maxBytes));
    } catch (SQLException | UncheckedIOException e) {
      log.error("The torn spool could not be salvaged, it is tried again", e);
    }
  }
}
