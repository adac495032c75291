package io.ratelimiter.auditor.store;

import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/** The sink without a database: the results are on the topics only. */
final class AbsentSink implements Sink {

  @Override
  public void topicsExist() {
    // Does not read them.
  }

  @Override
  public String state() {
    return "absent";
  }

  @Override
  public @Nullable String lastWriteAt() {
    return null;
  }

  @Override
  public @Nullable String lastFault() {
    return null;
  }

  @Override
  public String note() {
    return "DATABASE_URL is not set: rows go to the topics only";
  }

  @Override
  public boolean databaseAnswers() {
    return false;
  }

  @Override
  public Map<MetricName, ? extends Metric> metrics() {
    return Map.of();
  }
}
