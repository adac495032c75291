package io.ratelimiter.localstack.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeIT {

  @TempDir Path folder;

  @Test
  void emptiedItHoldsNothingOfEarlierRuns() throws IOException {
    try (Home home = Home.take(folder)) {
      write(home.data("redis").resolve("appendonlydir").resolve("base"), "data");
      write(home.log("redis"), "log");

      home.empty();

      assertThat(folder).isDirectoryNotContaining(path -> !path.endsWith("lock"));
    }
  }

  @Test
  void theLogsOfOneEarlierRunAreKept() throws IOException {
    try (Home home = Home.take(folder)) {
      write(home.log("redis"), "first");
      home.setLogsAside();
      write(home.log("redis"), "second");
      home.setLogsAside();

      assertThat(home.logs()).isEmptyDirectory();
      assertThat(folder.resolve("logs.earlier").resolve("redis.log")).hasContent("second");
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
