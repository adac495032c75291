package io.ratelimiter.service.decisions.spool;

import static org.awaitility.Awaitility.await;

import io.ratelimiter.schemas.topics.TopicSpec;
import io.ratelimiter.service.decisions.kafka.DecisionTopics;
import io.ratelimiter.service.decisions.kafka.LedgerPublisher;
import io.ratelimiter.service.decisions.series.Epoch;
import io.ratelimiter.service.decisions.series.EventCounts;
import io.ratelimiter.service.decisions.spool.file.SpoolFolder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolWorkerTests {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int PARTITIONS = 3;

  @TempDir Path folder;
  private final Epoch epoch = Epoch.begin("node-1", null, "decisions", PARTITIONS, Instant.EPOCH);

  @Test
  void aSpoolThatRefusedAWriteOfTheCountsRecoversWithoutAnAppend() throws Exception {
    SpoolFolder spool = SpoolFolder.lock(folder);
    SpoolWorker worker = new SpoolWorker(withoutKafka(spool));
    await().atMost(LIMIT).until(() -> usableAfterTasks(worker));
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + spool.file());
        Statement statement = other.createStatement()) {
      statement.execute("begin immediate");
      await()
          .atMost(LIMIT)
          .until(() -> {
            epoch.series().getFirst().issue();
            return !usableAfterTasks(worker);
          });
      statement.execute("rollback");
    }

    await().atMost(LIMIT).until(() -> usableAfterTasks(worker));
    worker.finish();
  }

  private static boolean usableAfterTasks(SpoolWorker worker) {
    worker.runDueTasks();
    return worker.usable();
  }

  private SpoolWorker.Parts withoutKafka(SpoolFolder spool) {
    EventCounts counts = new EventCounts();
    SpooledEpochs epochs = new SpooledEpochs();
    DecisionTopics topics =
        new DecisionTopics(TopicSpec::partitions, new TopicSpec("decisions", PARTITIONS, Map.of()));
    return new SpoolWorker.Parts(
        64L * 1024 * 1024,
        Duration.ofMillis(200),
        spool,
        epoch,
        counts,
        epochs,
        new EpochRecovery(epoch, epochs, counts, new LedgerPublisher(Clock.systemUTC()), topics),
        new Replay(epochs, counts, topics, 20_000),
        () -> null,
        Clock.systemUTC());
  }
}
