package io.ratelimiter.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a program that refuses root is run by root.
 *
 * <p>Best is a user namespace: there the program is nobody, while the kernel still takes it for the
 * owner of root's files, so that folders may lie anywhere. Where a container forbids namespaces,
 * the program becomes user 65534 and its folders are given to it.
 */
enum Unprivileged {
  /** This JVM's user is not root. */
  ALREADY {
    @Override
    List<String> prefix() {
      return List.of();
    }
  },
  NAMESPACE {
    @Override
    List<String> prefix() {
      return List.of("unshare", "-U");
    }
  },
  OTHER_USER {
    @Override
    List<String> prefix() {
      return List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    }

    @Override
    CarriedFiles carriedFiles() {
      // Root's home folder is closed to others.
      Path cache = Path.of(System.getProperty("java.io.tmpdir"), "ratelimiter-local-stack");
      requireRootsOwn(cache);
      return new CarriedFiles(cache);
    }

    @Override
    void give(Path folder) {
      requireReachable(folder);
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.toList()) {
          Files.setAttribute(path, "unix:uid", NOBODY);
          Files.setAttribute(path, "unix:gid", NOBODY);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot give " + folder + " to user " + NOBODY, e);
      }
    }
  };

  private static final int NOBODY = 65_534;

  /** What stands before the program on its command line. */
  abstract List<String> prefix();

  /** Makes the folder and all in it the program's own. */
  void give(Path folder) {}

  /** Where the program's files are unpacked, so that it can read them. */
  CarriedFiles carriedFiles() {
    return CarriedFiles.ofThisUser();
  }

  /** In a folder that all may write, somebody else may have laid programs for root to run. */
  private static void requireRootsOwn(Path cache) {
    try {
      if (Files.exists(cache) && !Files.getAttribute(cache, "unix:uid").equals(0)) {
        throw new ServerNotStarted(cache + " belongs to another user: delete it");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireReachable(Path folder) {
    for (Path above = folder.getParent(); above != null; above = above.getParent()) {
      if (!isOpenToOthers(above)) {
        throw new ServerNotStarted(
            "PostgreSQL refuses to run as root and runs as user %d instead, who cannot pass %s: open it (chmod o+x), or start this as another user"
                .formatted(NOBODY, above));
      }
    }
  }

  private static boolean isOpenToOthers(Path folder) {
    try {
      return Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Unprivileged onThisMachine() {
    if (!System.getProperty("user.name").equals("root")) {
      return ALREADY;
    }
    if (succeeds(NAMESPACE)) {
      return NAMESPACE;
    }
    if (succeeds(OTHER_USER)) {
      return OTHER_USER;
    }
    throw new ServerNotStarted(
        "PostgreSQL refuses to run as root, and neither 'unshare -U' nor 'setpriv --reuid' works"
            + " here: start this as another user");
  }

  private static boolean succeeds(Unprivileged way) {
    try {
      return new ProcessBuilder(Stream.concat(way.prefix().stream(), Stream.of("true")).toList())
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start()
              .onExit()
              .join()
              .exitValue()
          == 0;
    } catch (IOException _) {
      // There is no such program.
      return false;
    }
  }
}
