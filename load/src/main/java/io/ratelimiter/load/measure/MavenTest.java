package io.ratelimiter.load.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A test of another module that writes a report, run by Maven. Maven also reads {@code MAVEN_ARGS}.
 */
record MavenTest(Path repository, String module, String test, List<String> arguments) {

  private static final long MAX_MINUTES = 20;

  /** Runs the test and returns the lines of these files in the module's build folder. */
  List<String> run(String... reports) {
    try {
      if (!succeeds()) {
        throw new IllegalStateException(test + " failed: see " + output().getFileName());
      }
      List<String> lines = new ArrayList<>();
      for (String report : reports) {
        lines.addAll(
            Files.readAllLines(repository.resolve(module).resolve("target").resolve(report)));
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private boolean succeeds() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(repository.resolve("mvnw").toString()));
    command.addAll(List.of("-B", "-ntp", "-q", "-f", repository.resolve("pom.xml").toString()));
    command.addAll(List.of("verify", "-pl", module, "-am", "-Dit.test=" + test, "-Dtest=None"));
    command.add("-Dsurefire.failIfNoSpecifiedTests=false");
    command.add("-Dfailsafe.failIfNoSpecifiedTests=false");
    command.add("-Dspotless.check.skip=true");
    command.addAll(arguments);
    Process maven =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output().toFile())
            .start();
    if (maven.waitFor(MAX_MINUTES, TimeUnit.MINUTES)) {
      return maven.exitValue() == 0;
    }
    maven.descendants().forEach(ProcessHandle::destroyForcibly);
    maven.destroyForcibly();
    return false;
  }

  private Path output() {
    return repository.resolve("load/target/" + test.replaceAll("\\W.*", "") + ".out");
  }
}
