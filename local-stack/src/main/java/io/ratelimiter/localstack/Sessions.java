package io.ratelimiter.localstack;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Command lines that run in a process session of their own, out of reach of the terminal. */
final class Sessions {

  private Sessions() {}

  /**
   * The same command, as the leader of a new session and group. The process keeps its id: both
   * programs replace themselves by the command.
   */
  static List<String> own(String... command) {
    return Stream.concat(leader(), Stream.of(command)).toList();
  }

  private static Stream<String> leader() {
    if (onPath("setsid").isPresent()) {
      return Stream.of("setsid");
    }
    // macOS has no setsid program.
    return Stream.of("perl", "-e", "use POSIX; POSIX::setsid(); exec @ARGV or die $!");
  }

  /** The program of this name in the folders of {@code PATH}. */
  static Optional<Path> onPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
