package io.ratelimiter.service.decisions.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which file a path led to. An open file goes on working after its name was removed, and what is
 * written to it then is lost with the process.
 *
 * @param key device and inode; null where the file system has none
 */
record FileIdentity(Path path, @Nullable Object key) {

  /** That of the file at this path now. */
  static FileIdentity of(Path path) throws IOException {
    return new FileIdentity(path, keyOf(path));
  }

  /** Whether the path still leads to that file; false as well when it cannot be looked at. */
  boolean isInPlace() {
    try {
      return Objects.equals(key, keyOf(path));
    } catch (IOException _) {
      return false;
    }
  }

  private static @Nullable Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }
}
