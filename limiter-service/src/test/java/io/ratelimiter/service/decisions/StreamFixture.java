package io.ratelimiter.service.decisions;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.springframework.util.unit.DataSize;

/** Makes decision streams with the shortest times that a test allows. */
record StreamFixture(
    String bootstrapServers, Path spoolDir, DataSize spoolMaxSize, Map<String, String> kafka) {

  static final int PARTITIONS = 3;

  static StreamFixture on(String bootstrapServers, Path spoolDir) {
    return new StreamFixture(bootstrapServers, spoolDir, DataSize.ofMegabytes(64), Map.of());
  }

  StreamFixture with(DataSize size) {
    return new StreamFixture(bootstrapServers, spoolDir, size, kafka);
  }

  StreamFixture with(Map<String, String> settings) {
    return new StreamFixture(bootstrapServers, spoolDir, spoolMaxSize, settings);
  }

  DecisionsProperties properties(int partitions) {
    return new DecisionsProperties(
        bootstrapServers,
        partitions,
        "node-1",
        "rate-limiter",
        spoolDir,
        spoolMaxSize,
        Duration.ofMillis(200),
        Duration.ofMillis(1_000),
        Duration.ofMillis(3_000),
        20_000);
  }

  DecisionStream start() {
    return start(PARTITIONS);
  }

  DecisionStream start(int partitions) {
    DecisionStream stream = new DecisionStream(properties(partitions), kafka, Clock.systemUTC());
    stream.start();
    return stream;
  }
}
