package io.ratelimiter.localstack.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Stream;

/**
 * How root runs a program that refuses to run as root.
 *
 * <p>In a user namespace the program runs as an unprivileged user, but may use files of root, so
 * its folders may be anywhere. Where a container forbids namespaces, the program runs as user
 * 65534, which then owns its folders.
 */
public enum Unprivileged {
  /** This JVM's user is not root. */
  ALREADY {
    @Override
    public List<String> prefix() {
      return List.of();
    }
  },
  /** Runs in a user namespace. */
  NAMESPACE {
    @Override
    public List<String> prefix() {
      return List.of("unshare", "-U");
    }
  },
  /** Runs as user 65534. */
  OTHER_USER {
    @Override
    public List<String> prefix() {
      return List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups");
    }

    @Override
    public BundledPrograms bundledPrograms() {
      // Other users cannot enter root's home folder.
      Path cache = Path.of(System.getProperty("java.io.tmpdir"), "ratelimiter-local-stack");
      requireOwnedByRoot(cache);
      return new BundledPrograms(cache);
    }

    @Override
    public void giveOwnership(Path folder) {
      requireReachable(folder);
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.toList()) {
          Files.setAttribute(path, "unix:uid", USER);
          Files.setAttribute(path, "unix:gid", USER);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot give " + folder + " to user " + USER, e);
      }
    }
  };

  private static final int USER = 65_534;

  /** What precedes the program on its command line. */
  public abstract List<String> prefix();

  /** Makes the program's user the owner of the folder and its content. */
  public void giveOwnership(Path folder) {}

  /** Bundled programs in a folder that the program's user can read. */
  public BundledPrograms bundledPrograms() {
    return BundledPrograms.ofThisUser();
  }

  /** The temporary folder is writable to all: root must not run programs of another user. */
  private static void requireOwnedByRoot(Path cache) {
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
            "PostgreSQL refuses to run as root and runs as user %d instead, which cannot enter %s: open it (chmod o+x), or start this as another user"
                .formatted(USER, above));
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

  /**
   * The first method that works for this user on this machine.
   *
   * @throws ServerNotStarted if none works
   */
  public static Unprivileged onThisMachine() {
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
      // The program is not installed.
      return false;
    }
  }
}
