package io.ratelimiter.auditor.store;

import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/** Writes the auditor's topics to a database, and reports its state. */
public sealed interface Sink permits PostgresSink, AbsentSink {

  /** Notifies the sink that the topics exist. Does not block; may be called again. */
  void topicsExist();

  /** {@code waiting}, {@code migrating}, {@code writing}, {@code retrying} or {@code absent}. */
  String state();

  /** Whether rows reach the database; true if none is configured. */
  default boolean writes() {
    return state().equals("writing") || isAbsent();
  }

  /** Whether no database is configured, which is a supported mode. */
  default boolean isAbsent() {
    return state().equals("absent");
  }

  /** Time of the last write, ISO 8601; null before the first. */
  @Nullable String lastWriteAt();

  /** The reason why nothing can be written now; null if it can. */
  @Nullable String lastFault();

  /** An explanation of the state; null if it needs none. */
  default @Nullable String note() {
    return null;
  }

  /** The reason why day partitions cannot be created or dropped now; null if they can. */
  default @Nullable String upkeepFault() {
    return null;
  }

  /** Whether the database answers. Blocks for up to 3 s. */
  boolean databaseAnswers();

  /** Metrics of its consumer by Kafka's names. */
  Map<MetricName, ? extends Metric> metrics();
}
