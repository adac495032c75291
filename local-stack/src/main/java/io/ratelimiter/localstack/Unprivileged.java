package io.ratelimiter.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void give(Path folder) {
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
