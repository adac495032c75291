package io.ratelimiter.localstack;

import io.ratelimiter.localstack.process.BundledPrograms;
import io.ratelimiter.localstack.process.ServerNotStarted;
import io.ratelimiter.localstack.process.Sessions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which {@code redis-server} to run. */
public enum RedisBinary {
  /** {@code REDIS_SERVER}, else one ≥ 6.2 on {@code PATH}, else the bundled one. */
  ANY {
    @Override
    Path find() {
      return configured().or(RedisBinary::installed).orElseGet(BUNDLED::find);
    }
  },

  /** The one shipped in a jar: Redis 6.2, the oldest version that the product supports. */
  BUNDLED {
    @Override
    Path find() {
      String version =
          BundledPrograms.system().equals("linux") && BundledPrograms.isArm()
              ? "6.2.7"
              : "6.2.6-v5";
      String arch = BundledPrograms.isArm() ? "arm64" : "amd64";
      return BundledPrograms.ofThisUser()
          .executable("redis-server-" + version + "-" + BundledPrograms.system() + "-" + arch);
    }
  },

  /** {@code REDIS_SERVER}, else the one on {@code PATH}, at least Redis 7. */
  INSTALLED {
    @Override
    Path find() {
      return configured()
          .or(() -> Sessions.onPath("redis-server"))
          .filter(program -> isAtLeast(program, 7, 0))
          .orElseThrow(() ->
              new ServerNotStarted(
                  "needs a redis-server >= 7 in REDIS_SERVER or on PATH, and there is none"));
    }
  };

  private static final Pattern VERSION = Pattern.compile("v=(\\d+)\\.(\\d+)");

  /**
   * Returns the executable file.
   *
   * @throws ServerNotStarted if there is none
   */
  abstract Path find();

  private static Optional<Path> configured() {
    Optional<Path> program =
        Optional.ofNullable(System.getenv("REDIS_SERVER"))
            .filter(Predicate.not(String::isEmpty))
            .map(Path::of);
    program.ifPresent(path -> {
      if (!Files.isExecutable(path)) {
        throw new ServerNotStarted("REDIS_SERVER=" + path + " is not an executable file");
      }
    });
    return program;
  }

  private static Optional<Path> installed() {
    return Sessions.onPath("redis-server").filter(program -> isAtLeast(program, 6, 2));
  }

  private static boolean isAtLeast(Path program, int major, int minor) {
    Matcher version = VERSION.matcher(versionLine(program));
    if (!version.find()) {
      return false;
    }
    int found = Integer.parseInt(version.group(1));
    return found > major || (found == major && Integer.parseInt(version.group(2)) >= minor);
  }

  private static String versionLine(Path program) {
    try (var out = new ProcessBuilder(program.toString(), "--version").start().inputReader()) {
      return String.valueOf(out.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
