package io.ratelimiter.auditor.store;

import io.ratelimiter.auditor.store.topics.TopicEnds;
import io.ratelimiter.auditor.store.topics.TopicMarks;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers up to when the decisions topics are counted. The watermarks of a partition advance with
 * its records only. If all records of a topic at some time are in the tables, a record that is
 * appended later changes only minutes after that time less the lateness, whether the topic is still
 * read or not.
 */
final class CountedTopics {

  /**
   * For clocks of brokers behind that of this machine, and for a record that has its append time
   * before readers see it.
   */
  static final Duration MARGIN = Duration.ofMinutes(5);

  private static final Logger log = LoggerFactory.getLogger(CountedTopics.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final int ANSWER_MILLIS = 10_000;

  private final TopicMarks marks;
  private final Map<String, Object> client;
  private final List<String> topics;
  private final Duration lateness;
  private final Clock clock;
  private final CurrentFault fault =
      new CurrentFault(log, "Decisions topics cannot be checked, retrying");

  private @Nullable Instant checked;
  private volatile Map<String, Long> uncounted = Map.of();

  /**
   * @param topics topics that are read
   * @param lateness max age of an event that is counted in its own minute
   */
  CountedTopics(
      TopicMarks marks,
      Map<String, String> client,
      List<String> topics,
      Duration lateness,
      Clock clock) {
    this.marks = marks;
    this.client = new HashMap<>(client);
    this.client.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
    this.client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
    this.topics = topics;
    this.lateness = lateness;
    this.clock = clock;
  }

  /** Registers the topics that are read. Blocks. */
  void register() throws SQLException {
    marks.register(topics);
  }

  /** Checks each topic that is or was read, at most every 10 s. Blocks; a failure is logged. */
  void check() throws InterruptedException {
    Instant now = clock.instant();
    if (checked != null && now.isBefore(checked.plus(INTERVAL))) {
      return;
    }
    checked = now;
    try {
      check(now);
      fault.clear();
    } catch (SQLException | ExecutionException | KafkaException e) {
      fault.set(e);
    }
  }

  /** The tables are read before the ends: what is in them is at most what the topic has. */
  private void check(Instant now) throws SQLException, ExecutionException, InterruptedException {
    Map<String, Long> found = new TreeMap<>();
    Map<String, Map<Integer, Long>> inTables = marks.nextOffsets();
    try (Admin admin = Admin.create(client)) {
      for (Map.Entry<String, Map<Integer, Long>> topic : inTables.entrySet()) {
        long records = TopicEnds.of(topic.getKey(), admin).from(topic.getValue());
        if (records == 0) {
          Instant until = now.minus(MARGIN);
          marks.mark(topic.getKey(), until, until.minus(lateness));
        } else if (!topics.contains(topic.getKey())) {
          found.put(topic.getKey(), records);
        }
      }
    }
    if (!uncounted.keySet().containsAll(found.keySet())) {
      log.warn(
          "Records that are not counted, of topics that are not in DECISIONS_TOPIC: {}", found);
    }
    uncounted = Map.copyOf(found);
  }

  /** Records that are not in the tables, of topics that are not read any more; as last checked. */
  Map<String, Long> uncountedRecords() {
    return uncounted;
  }
}
