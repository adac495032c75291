package io.ratelimiter.service.decisions.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.topics.TopicSpec;
import io.ratelimiter.service.decisions.kafka.DecisionTopics;
import io.ratelimiter.service.decisions.kafka.EventSender;
import io.ratelimiter.service.decisions.kafka.UnackedEvents;
import io.ratelimiter.service.decisions.series.Epoch;
import io.ratelimiter.service.decisions.series.EventCounts;
import io.ratelimiter.service.decisions.spool.file.SpoolFile;
import io.ratelimiter.service.decisions.spool.file.SpooledEvent;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A spool with events of an earlier topic and, after them, of the current one. */
class ReplayTests {

  @TempDir Path folder;

  private final Epoch past = Epoch.begin("node-1", null, "old", 2, Instant.EPOCH);
  private final Epoch current = Epoch.begin("node-1", null, "new", 2, Instant.EPOCH);
  private final EventCounts counts = new EventCounts();
  private final SpooledEpochs epochs = new SpooledEpochs();
  private final MockProducer<byte[], byte[]> kafka =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final EventSender sender = new EventSender(kafka, "/test", new UnackedEvents());
  private boolean refused = true;
  private final DecisionTopics topics =
      new DecisionTopics(this::prepare, new TopicSpec("new", 2, Map.of()));
  private final Replay replay = new Replay(epochs, counts, topics, Integer.MAX_VALUE);
  private SpoolFile file;

  private int prepare(TopicSpec topic) {
    if (refused) {
      throw new TopicAuthorizationException(topic.name());
    }
    return topic.partitions();
  }

  @BeforeEach
  void fill() throws SQLException {
    file = SpoolFile.open(folder.resolve("spool.db"), SpoolFile.MIN_BYTES);
    epochs.add(past);
    epochs.add(current);
    topics.need("old", 2);
    append(past, 3);
    append(current, 2);
  }

  private void append(Epoch epoch, int events) throws SQLException {
    for (int i = 0; i < events; i++) {
      long seq = epoch.series().getFirst().issue();
      byte[] bytes = {1};
      file.append(
          List.of(
              new SpooledEvent(
                  0, epoch.id(), 0, seq, "decision.v1", "id", null, 1, bytes, bytes, 1)));
      epoch.series().getFirst().spooled();
      counts.spooled.incrementAndGet();
    }
  }

  @AfterEach
  void close() throws SQLException {
    file.close();
  }

  @Test
  void eventsOfATopicThatIsRefusedStayAndHoldUpNoOthers() throws SQLException {
    topics.check();
    round();

    assertThat(kafka.history()).extracting(ProducerRecord::topic).containsExactly("new", "new");
    assertThat(file.read(0, 9)).extracting(SpooledEvent::epoch).containsOnly(past.id()).hasSize(3);

    refused = false;
    topics.check();
    round();
    assertThat(kafka.history())
        .extracting(ProducerRecord::topic)
        .containsExactly("new", "new", "old", "old", "old");
    assertThat(file.read(0, 9)).isEmpty();
    assertThat(counts.acked.sum()).isEqualTo(5);
  }

  @Test
  void aTopicThatFailsIsSkippedUntilItIsCheckedAgain() throws SQLException {
    refused = false;
    topics.connected();
    replay.send(file, sender);
    for (int i = 0; i < 3; i++) {
      kafka.errorNext(new TopicAuthorizationException("old"));
    }
    while (kafka.completeNext()) {}
    append(current, 1);
    round();

    assertThat(file.read(0, 9)).extracting(SpooledEvent::epoch).containsOnly(past.id()).hasSize(3);
    topics.check();
    round();
    assertThat(file.read(0, 9)).isEmpty();
  }

  private void round() throws SQLException {
    replay.settle(file);
    replay.send(file, sender);
    while (kafka.completeNext()) {}
    replay.settle(file);
  }
}
