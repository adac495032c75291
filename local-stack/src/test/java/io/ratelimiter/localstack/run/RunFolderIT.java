package io.ratelimiter.localstack.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderIT {

  @TempDir Path folder;

  @Test
  void emptyDeletesDataAndLogsOfEarlierRuns() throws IOException {
    try (RunFolder run = RunFolder.lock(folder)) {
      write(run.data("redis").resolve("appendonlydir").resolve("base"), "data");
      write(run.log("redis"), "log");

      run.empty();

      assertThat(folder).isDirectoryNotContaining(path -> !path.endsWith("lock"));
    }
  }

  @Test
  void theLogsOfOneEarlierRunAreKept() throws IOException {
    try (RunFolder run = RunFolder.lock(folder)) {
      write(run.log("redis"), "first");
      run.rotateLogs();
      write(run.log("redis"), "second");
      run.rotateLogs();

      assertThat(run.logs()).isEmptyDirectory();
      assertThat(folder.resolve("logs.earlier").resolve("redis.log")).hasContent("second");
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
