package io.ratelimiter.auditor.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.ratelimiter.auditor.store.StoreCounts;
import io.ratelimiter.auditor.topology.AuditCounts;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The auditor's metrics, by name. */
final class AuditMeters implements AuditCounts, StoreCounts {

  private final Counter decisions;
  private final Counter duplicates;
  private final Counter late;
  private final Counter deadLetters;
  private final Counter newlyLost;
  private final Counter upserts;
  private final Map<Integer, Long> lost = new ConcurrentHashMap<>();

  AuditMeters(MeterRegistry registry, Lag lag) {
    decisions = counter(registry, "auditor.decisions", "Decisions counted, each once");
    duplicates = counter(registry, "auditor.duplicates", "Records that had come before");
    late = counter(registry, "auditor.late", "Decisions counted in the minute of their arrival");
    deadLetters = counter(registry, "auditor.dlq", "Records that cannot be read");
    newlyLost = counter(registry, "auditor.lost", "Numbers newly found lost since the start");
    upserts = counter(registry, "auditor.upserts", "Rows sent to PostgreSQL");
    Gauge.builder("auditor.lost.now", this, AuditMeters::lostNow)
        .description("Numbers lost in the series of this instance's partitions, as of now")
        .register(registry);
    Gauge.builder("auditor.lag.records", lag, Lag::ofTopology)
        .tag("stage", "topology")
        .description("Records on the topic that are not read yet")
        .register(registry);
    Gauge.builder("auditor.lag.records", lag, Lag::ofStore)
        .tag("stage", "store")
        .description("Records on the topic that are not read yet")
        .register(registry);
  }

  private static Counter counter(MeterRegistry registry, String name, String what) {
    return Counter.builder(name).description(what).register(registry);
  }

  private double lostNow() {
    return lost.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public void decision() {
    decisions.increment();
  }

  @Override
  public void duplicate() {
    duplicates.increment();
  }

  @Override
  public void late() {
    late.increment();
  }

  @Override
  public void deadLetter() {
    deadLetters.increment();
  }

  @Override
  public void newlyLost(long numbers) {
    newlyLost.increment((double) numbers);
  }

  @Override
  public void lost(int partition, long numbers) {
    lost.put(partition, numbers);
  }

  @Override
  public void upserts(int rows) {
    upserts.increment(rows);
  }
}
