package io.ratelimiter.auditor.store;

import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/** No database is configured: the topics hold the results, no table does. */
final class AbsentSink implements Sink {

  @Override
  public void topicsAreThere() {
    // Nobody reads them.
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
