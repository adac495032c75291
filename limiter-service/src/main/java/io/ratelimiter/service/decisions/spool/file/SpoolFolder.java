package io.ratelimiter.service.decisions.spool.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The spool's folder, locked for this process until it is closed or the process ends. */
public final class SpoolFolder implements AutoCloseable {

  private static final String LOCK = "lock";
  private static final String FILE = "spool.db";
  private static final String RESERVE = "reserve";

  private final Path folder;
  private final Reserve reserve;
  private FileChannel lock;
  private FileIdentity lockFile;

  private SpoolFolder(Path folder, FileChannel lock, FileIdentity lockFile) {
    this.folder = folder;
    this.reserve = new Reserve(folder.resolve(RESERVE));
    this.lock = lock;
    this.lockFile = lockFile;
  }

  /**
   * Creates the folder if it is missing and locks it. Does not wait for another process.
   *
   * @throws SpoolFolderInUseException when another process has locked it
   * @throws UncheckedIOException when it cannot be created or written to
   */
  public static SpoolFolder lock(Path folder) {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new SpoolFolderInUseException(folder);
      }
      return new SpoolFolder(folder, channel, FileIdentity.of(folder.resolve(LOCK)));
    } catch (IOException e) {
      throw new UncheckedIOException("SPOOL_DIR " + folder.toAbsolutePath() + " is unusable", e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /**
   * Whether another process is kept out: false once the folder was removed, replaced or made
   * inaccessible. Blocks on the disk.
   */
  public boolean isHeld() {
    return lock.isOpen() && lockFile.isInPlace();
  }

  /** Creates and locks the folder again unless it {@link #isHeld}; throws as {@link #lock} does. */
  public void holdAgain() {
    if (!isHeld()) {
      // First: closing any channel on a file also releases the locks of its other channels.
      close();
      SpoolFolder again = lock(folder);
      lock = again.lock;
      lockFile = again.lockFile;
    }
  }

  /** The reserve that allows a spool on a full volume to be emptied. */
  public Reserve reserve() {
    return reserve;
  }

  /** Path of the spool's database. */
  public Path file() {
    return folder.resolve(FILE);
  }

  /** Size of the spool's database and its log on disk, bytes. */
  public long bytes() {
    return size(file()) + size(folder.resolve(FILE + "-wal"));
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException _) {
      return 0;
    }
  }

  /** Unlocks the folder. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another process has locked the folder. */
  public static final class SpoolFolderInUseException extends RuntimeException {
    SpoolFolderInUseException(Path folder) {
      super("SPOOL_DIR " + folder + " is in use by another process; each needs one of its own");
    }
  }
}
