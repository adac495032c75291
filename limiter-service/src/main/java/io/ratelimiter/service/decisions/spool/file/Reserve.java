package io.ratelimiter.service.decisions.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/**
 * Disk space that is kept so that a spool on a full volume can be emptied: to remove a row, SQLite
 * first writes to its log, so without free space no row could be removed. Events are appended only
 * while the reserve exists; removing them may use it. Every method blocks on the disk.
 */
public final class Reserve {

  /** Size, bytes: a checkpoint may grow the database by this, and a delete may grow the log. */
  static final int BYTES = 2 * 1024 * 1024;

  /** Max disk space for one batch and the checkpoint after it, bytes. */
  private static final long BATCH_BYTES = 4L * 1024 * 1024;

  private final Path file;

  Reserve(Path file) {
    this.file = file;
  }

  /** Whether the reserve exists and the volume has room for one more batch. */
  public boolean leavesRoom() {
    return isThere() && volumeHasRoom();
  }

  private boolean isThere() {
    try {
      return Files.size(file) == BYTES;
    } catch (IOException _) {
      return false;
    }
  }

  private boolean volumeHasRoom() {
    // A file system that does not report its size reports 0 for both.
    return file.toFile().getUsableSpace() >= BATCH_BYTES || file.toFile().getTotalSpace() == 0;
  }

  /** Creates the reserve unless it exists; returns {@link #leavesRoom}. */
  public boolean make() {
    if (!isThere()) {
      write();
    }
    return leavesRoom();
  }

  private void write() {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = incompressible();
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      // Some file systems report a full volume only here.
      channel.force(false);
    } catch (IOException _) {
      release();
    }
  }

  /** Random, since some file systems allocate nothing for zeros. */
  private static ByteBuffer incompressible() {
    byte[] bytes = new byte[BYTES];
    new SplittableRandom().nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  /** Deletes the reserve; false when there was none or it cannot be deleted. */
  public boolean release() {
    try {
      return Files.deleteIfExists(file);
    } catch (IOException _) {
      return false;
    }
  }
}
