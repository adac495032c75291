package io.ratelimiter.service.decisions;

import static org.awaitility.Awaitility.await;

import io.ratelimiter.service.decisions.spool.SpoolFolder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolWorkTests {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final Epoch epoch = Epoch.begin("node-1", StreamFixture.PARTITIONS);

  @Test
  void aSpoolThatRefusedANoteIsUsableAgainThoughNothingIsAppended() throws Exception {
    SpoolFolder spool = SpoolFolder.lock(folder);
    SpoolWork work = new SpoolWork(parts(spool));
    await().atMost(LIMIT).until(() -> usableAfter(work));
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + spool.file());
        Statement statement = other.createStatement()) {
      statement.execute("begin immediate");
      await()
          .atMost(LIMIT)
          .until(() -> {
            epoch.series().getFirst().issue();
            return !usableAfter(work);
          });
      statement.execute("rollback");
    }

    await().atMost(LIMIT).until(() -> usableAfter(work));
    work.finish();
  }

  private static boolean usableAfter(SpoolWork work) {
    work.goOn();
    return work.usable();
  }

  /** Without a Kafka. */
  private SpoolWork.Parts parts(SpoolFolder spool) {
    DecisionsProperties properties =
        StreamFixture.on("", epoch.instance(), folder).properties(StreamFixture.PARTITIONS);
    EventCounts counts = new EventCounts();
    SeriesBook book = new SeriesBook();
    EventSender sender = new EventSender("/rate-limiter/node-1");
    return new SpoolWork.Parts(
        properties,
        spool,
        epoch,
        counts,
        book,
        new PastEpochs(epoch, book, counts, new Ledger(sender, Clock.systemUTC())),
        new Replay(
            book,
            counts,
            sender,
            new Replay.Topic(StreamFixture.PARTITIONS, properties.replayRate())),
        () -> null,
        Clock.systemUTC());
  }
}
