package io.ratelimiter.localstack;

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
 * Server programs that jars carry, unpacked once for each user and version.
 *
 * <p>They lie in {@code $XDG_CACHE_HOME} or {@code ~/.cache}, not in the temporary folder, where a
 * cleaner would take single files away.
 */
final class CarriedFiles {

  private final Path cache;

  CarriedFiles(Path cache) {
    this.cache = cache;
  }

  static CarriedFiles ofThisUser() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg == null || xdg.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    return new CarriedFiles(base.resolve("ratelimiter-local-stack"));
  }

  /** {@code linux} or {@code darwin}. */
  static String system() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    return os.contains("mac") ? "darwin" : "linux";
  }

  static boolean isArm() {
    return System.getProperty("os.arch").equals("aarch64");
  }

  /** The resource as an executable file. */
  Path executable(String resource) {
    Path file = cache.resolve(resource);
    return Files.isExecutable(file) ? file : publish(resource, file, CarriedFiles::unpackProgram);
  }

  /** The folder that the resource, a {@code .txz}, holds; {@code version} keeps several apart. */
  Path archive(String resource, String version) {
    Path folder = cache.resolve(resource.replace(".txz", "-" + version));
    return Files.isDirectory(folder)
        ? folder
        : publish(resource, folder, CarriedFiles::unpackArchive);
  }

  private interface Unpacking {
    void unpack(InputStream in, Path target) throws IOException;
  }

  /** Unpacks beside the target and renames, so that nobody ever sees half of it. */
  private Path publish(String resource, Path target, Unpacking unpacking) {
    try (InputStream in = CarriedFiles.class.getResourceAsStream("/" + resource)) {
      if (in == null) {
        throw new ServerNotStarted(
            "no jar on the class path carries " + resource + ", so there is none for this machine");
      }
      Files.createDirectories(cache);
      Path workshop = Files.createTempDirectory(cache, "unpacking-");
      unpacking.unpack(in, workshop.resolve("it"));
      moveUnlessThere(workshop.resolve("it"), target);
      Folders.delete(workshop);
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack " + resource + " into " + cache, e);
    }
  }

  private static void moveUnlessThere(Path fresh, Path target) throws IOException {
    try {
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // Another JVM was faster: its copy is as good.
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
    // Programs of a user that this one becomes must reach it: see Unprivileged.
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void unpackEntry(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder)
      throws IOException {
    Path path = folder.resolve(entry.getName()).normalize();
    if (!path.startsWith(folder)) {
      throw new IOException("entry outside of the archive: " + entry.getName());
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
