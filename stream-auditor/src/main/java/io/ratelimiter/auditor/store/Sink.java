package io.ratelimiter.auditor.store;

import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/** Where the auditor's topics are written to. */
public sealed interface Sink permits PostgresSink, AbsentSink {

  /** What is read exists from now on. Does not block; may be said again. */
  void topicsAreThere();

  /** {@code waiting}, {@code migrating}, {@code writing}, {@code retrying} or {@code absent}. */
  String state();

  /** Whether rows get where they should; true where no database is named. */
  default boolean writes() {
    return state().equals("writing") || isAbsent();
  }

  /** Whether no database is configured, which is a supported mode. */
  default boolean isAbsent() {
    return state().equals("absent");
  }

  /** When rows were last written, ISO 8601; null before. */
  @Nullable String lastWriteAt();

  /** Why nothing can be written right now; null when it can. */
  @Nullable String lastFault();

  /** An explanation of the state, in a sentence; null when it needs none. */
  default @Nullable String note() {
    return null;
  }

  /** Why day partitions cannot currently be created or dropped; null when they can. */
  default @Nullable String upkeepFault() {
    return null;
  }

  /** Whether the database answers. Blocks up to a second. */
  boolean databaseAnswers();

  /** The metrics of its consumer, by Kafka's names. */
  Map<MetricName, ? extends Metric> metrics();
}
