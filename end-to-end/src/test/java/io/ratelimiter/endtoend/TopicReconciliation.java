package io.ratelimiter.endtoend;

import io.ratelimiter.schemas.Books;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.EventReader;
import io.ratelimiter.schemas.SeriesAccount;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Distinct decisions on the topic by the minute in which they were made, to compare with the
 * tables.
 */
final class TopicReconciliation {

  private static final long MICROS_PER_MINUTE = 60_000_000;
  private static final EventReader READER = new EventReader();

  private final Books topic = new Books();
  private final Set<String> seen = new HashSet<>();
  private final Map<Long, Counts> byMinute = new TreeMap<>();

  /** Numbers of allowed and blocked checks. */
  record Counts(long allowed, long blocked) {

    Counts plus(boolean verdict) {
      return verdict ? new Counts(allowed + 1, blocked) : new Counts(allowed, blocked + 1);
    }

    long all() {
      return allowed + blocked;
    }
  }

  /** Reads the topic up to its current end. */
  static TopicReconciliation of(Topic topic) {
    TopicReconciliation reconciliation = new TopicReconciliation();
    topic.read(reconciliation::read);
    return reconciliation;
  }

  private void read(ConsumerRecord<byte[], byte[]> message) {
    topic.read(message);
    if (Topic.header(message, EventHeaders.CE_TYPE).equals(EventHeaders.TYPE_DECISION)) {
      DecisionEvent event = READER.decision(message.value());
      if (seen.add(event.decisionId())) {
        byMinute.merge(
            event.decidedAtMicros() / MICROS_PER_MINUTE,
            new Counts(0, 0).plus(event.allowed()),
            (all, one) -> new Counts(all.allowed + one.allowed, all.blocked + one.blocked));
      }
    }
  }

  /** Series accounts of the topic. */
  Books topic() {
    return topic;
  }

  /** Count of distinct numbers of all series on the topic. */
  long numbers() {
    return topic.series().values().stream().mapToLong(SeriesAccount::received).sum();
  }

  /** Decisions on the topic by minute, minutes since 1970. */
  Map<Long, Counts> byMinute() {
    return byMinute;
  }

  /** Decisions in the tables by minute, minutes since 1970; empty before the first row. */
  static Map<Long, Counts> byMinute(Database database) {
    Map<Long, Counts> minutes = new TreeMap<>();
    for (List<Long> row :
        database.rows(
            """
            SELECT extract(epoch FROM window_start)::bigint / 60,
                   sum(allowed_count), sum(blocked_count)
            FROM audit.rate_limit_metrics GROUP BY window_start
            """)) {
      minutes.put(row.get(0), new Counts(row.get(1), row.get(2)));
    }
    return minutes;
  }
}
