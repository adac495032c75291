package io.ratelimiter.localstack.run;

import io.ratelimiter.localstack.process.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * The folder {@code .local} of a repository, locked by one run at a time.
 *
 * <p>The lock ends with the process, however that ends.
 */
final class RunFolder implements AutoCloseable {

  private static final String LOCK = "lock";
  private static final String LOGS = "logs";
  private static final String EARLIER_LOGS = "logs.earlier";

  private final Path folder;
  private final FileChannel lock;

  private RunFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Locks the folder.
   *
   * @throws UserError if another process holds the lock
   */
  static RunFolder lock(Path folder) {
    try {
      Files.createDirectories(folder);
      Path file = folder.resolve(LOCK);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        channel.close();
        throw UserError.notPossible(
            "Another ./run (process %s) holds %s: end it first."
                .formatted(Files.readString(file).strip(), folder));
      }
      // Only this channel may write: closing another one on the same file releases the lock.
      channel.truncate(0).write(StandardCharsets.US_ASCII.encode(ownPid() + "\n"));
      return new RunFolder(folder, channel);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + folder, e);
    }
  }

  private static String ownPid() {
    return String.valueOf(ProcessHandle.current().pid());
  }

  /** Deletes all data and logs of earlier runs. */
  void empty() {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.filter(path -> !path.endsWith(LOCK)).toList()) {
        Folders.delete(entry);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot empty " + folder, e);
    }
  }

  /** Moves the logs of the last run to {@code logs.earlier}, replacing older ones. */
  void rotateLogs() {
    try {
      if (Files.exists(folder.resolve(LOGS))) {
        Folders.delete(folder.resolve(EARLIER_LOGS));
        Files.move(
            folder.resolve(LOGS), folder.resolve(EARLIER_LOGS), StandardCopyOption.ATOMIC_MOVE);
      }
      Files.createDirectories(folder.resolve(LOGS));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot rotate the logs in " + folder, e);
    }
  }

  Path data(String name) {
    return folder.resolve(name);
  }

  Path log(String name) {
    return folder.resolve(LOGS).resolve(name + ".log");
  }

  Path logs() {
    return folder.resolve(LOGS);
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
