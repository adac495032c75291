package io.ratelimiter.localstack.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Process sessions of their own, which signals of the terminal do not reach. */
public final class Sessions {

  private Sessions() {}

  /**
   * The command line that runs the command as leader of a new session and process group. The
   * process id stays the same, because the starting program replaces itself by the command.
   */
  static List<String> inNewSession(String... command) {
    return Stream.concat(leader(), Stream.of(command)).toList();
  }

  private static Stream<String> leader() {
    if (onPath("setsid").isPresent()) {
      return Stream.of("setsid");
    }
    // macOS has no setsid program.
    return Stream.of("perl", "-e", "use POSIX; POSIX::setsid(); exec @ARGV or die $!");
  }

  /** The first executable of this name in the folders of {@code PATH}. */
  public static Optional<Path> onPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
