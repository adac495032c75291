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
 * The topic and the tables, held against each other: each decision once, in the minute in which it
 * was made.
 */
final class ThreeBooks {

  private static final long MICROS_PER_MINUTE = 60_000_000;
  private static final EventReader READER = new EventReader();

  private final Books topic = new Books();
  private final Set<String> seen = new HashSet<>();
  private final Map<Long, Counts> byMinute = new TreeMap<>();

  /** How many decisions allowed and blocked. */
  record Counts(long allowed, long blocked) {

    Counts plus(boolean verdict) {
      return verdict ? new Counts(allowed + 1, blocked) : new Counts(allowed, blocked + 1);
    }

    long all() {
      return allowed + blocked;
    }
  }

  /** Reads the topic as it stands now. */
  static ThreeBooks of(Topic topic) {
    ThreeBooks books = new ThreeBooks();
    topic.read(books::read);
    return books;
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

  /** The topic's own books. */
  Books topic() {
    return topic;
  }

  /** Numbers of all series that stand on the topic, each once. */
  long numbers() {
    return topic.series().values().stream().mapToLong(SeriesAccount::received).sum();
  }

  /** Decisions on the topic by the minute in which they were made, minutes since 1970. */
  Map<Long, Counts> byMinute() {
    return byMinute;
  }

  /** The same as the tables have it; empty while there are none. */
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
