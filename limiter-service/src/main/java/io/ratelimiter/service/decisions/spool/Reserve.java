package io.ratelimiter.service.decisions.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/**
 * Room on the spool's volume for a spool that fills it: to remove a row, SQLite first writes to its
 * log, and on a full volume no row could ever be removed again. Events are appended only while the
 * reserve is there; removing them may use it up. Every method blocks on the disk.
 */
public final class Reserve {

  /** The log's checkpoint may grow the database by as much, and a delete may grow the log. */
  static final int BYTES = 2 * 1024 * 1024;

  /** What one batch and the checkpoint after it may take, bytes. */
  private static final long BATCH_BYTES = 4L * 1024 * 1024;

  private final Path file;

  Reserve(Path file) {
    this.file = file;
  }

  /** Whether there is the reserve, and beside it room for one more batch. */
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

  /** Takes the room unless it has it; false when the volume does not {@link #leavesRoom}. */
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
      // Some file systems notice only here that they have no room.
      channel.force(false);
    } catch (IOException _) {
      release();
    }
  }

  /** Some file systems store nothing for zeros. */
  private static ByteBuffer incompressible() {
    byte[] bytes = new byte[BYTES];
    new SplittableRandom().nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  /** Gives the room back to the volume; false when there was none to give. */
  public boolean release() {
    try {
      return Files.deleteIfExists(file);
    } catch (IOException _) {
      return false;
    }
  }
}
