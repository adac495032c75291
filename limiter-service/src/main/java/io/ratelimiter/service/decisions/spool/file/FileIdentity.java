package io.ratelimiter.service.decisions.spool.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file at a path. An open file still works after its name was removed, but what is then written
 * to it is lost with the process.
 *
 * @param key device and inode; null where the file system has none
 */
record FileIdentity(Path path, @Nullable Object key) {

  /** The identity of the file that is now at this path. */
  static FileIdentity of(Path path) throws IOException {
    return new FileIdentity(path, keyOf(path));
  }

  /** Whether this file is still at its path; false also when the path cannot be read. */
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
