package io.ratelimiter.localstack.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * Server programs shipped in jars, unpacked once per user and version.
 *
 * <p>They are unpacked to {@code $XDG_CACHE_HOME} or {@code ~/.cache}: cleaners of the temporary
 * folder delete single files.
 */
public final class BundledPrograms {

  private final Path cache;

  BundledPrograms(Path cache) {
    this.cache = cache;
  }

  /** The programs in this user's cache folder. */
  public static BundledPrograms ofThisUser() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg == null || xdg.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    return new BundledPrograms(base.resolve("ratelimiter-local-stack"));
  }

  /** {@code linux} or {@code darwin}. */
  public static String system() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    return os.contains("mac") ? "darwin" : "linux";
  }

  /** Whether the processor is a 64-bit ARM. */
  public static boolean isArm() {
    return System.getProperty("os.arch").equals("aarch64");
  }

  /** Unpacks the resource, unless it is in the cache, and returns the executable file. */
  public Path executable(String resource) {
    Path file = cache.resolve(resource);
    return Files.isExecutable(file) ? file : unpack(resource, file, BundledPrograms::unpackProgram);
  }

  /**
   * Unpacks an archive, unless it is in the cache, and returns the folder.
   *
   * @param resource name of a {@code .txz} file on the class path
   * @param version part of the folder's name, so that versions do not mix
   */
  public Path archive(String resource, String version) {
    Path folder = cache.resolve(resource.replace(".txz", "-" + version));
    return Files.isDirectory(folder)
        ? folder
        : unpack(resource, folder, BundledPrograms::unpackArchive);
  }

  private interface Unpacking {
    void unpack(InputStream in, Path target) throws IOException;
  }

  /** Unpacks into a folder beside the target and renames it, so that the target is complete. */
  private Path unpack(String resource, Path target, Unpacking unpacking) {
    try (InputStream in = BundledPrograms.class.getResourceAsStream("/" + resource)) {
      if (in == null) {
        throw new ServerNotStarted(
            "no jar on the class path contains " + resource + ": this platform is not supported");
      }
      Files.createDirectories(cache);
      Path temporary = Files.createTempDirectory(cache, "unpacking-");
      Path complete = temporary.resolve("complete");
      unpacking.unpack(in, complete);
      moveUnlessPresent(complete, target);
      Folders.delete(temporary);
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack " + resource + " into " + cache, e);
    }
  }

  private static void moveUnlessPresent(Path fresh, Path target) throws IOException {
    try {
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // Another JVM unpacked the same version first.
      if (!Files.exists(target)) {
        throw e;
      }
    }
  }

  private static void unpackProgram(InputStream in, Path target) throws IOException {
    Files.copy(in, target);
    makeExecutable(target);
  }

  private static void unpackArchive(InputStream in, Path target) throws IOException {
    try (var tar = new TarArchiveInputStream(new XZCompressorInputStream(in))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpackEntry(tar, entry, target);
      }
    }
    // PostgreSQL may run as another user: see Unprivileged.
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void unpackEntry(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder)
      throws IOException {
    Path path = folder.resolve(entry.getName()).normalize();
    if (!path.startsWith(folder)) {
      throw new IOException("archive entry points outside its folder: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, path);
      if ((entry.getMode() & 0100) != 0) {
        makeExecutable(path);
      }
    }
  }

  private static void makeExecutable(Path file) throws IOException {
    if (!Files.isSymbolicLink(file) && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }
}
