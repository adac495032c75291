package io.ratelimiter.auditor.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.ratelimiter.auditor.store.StoreCounts;
import io.ratelimiter.auditor.topology.AuditCounts;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** The auditor's metrics, by name. */
final class AuditMeters implements AuditCounts, StoreCounts {

  private static final Duration[] BUCKETS =
      LongStream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final Counter decisions;
  private final Counter duplicates;
  private final Counter late;
  private final Counter deadLetters;
  private final Counter newlyLost;
  private final Counter upserts;
  private final Counter failures;
  private final Timer writes;
  private final Map<Integer, Long> lost = new ConcurrentHashMap<>();
  private final SetAside setAside = new SetAside(Clock.systemUTC());

  AuditMeters(MeterRegistry registry, Lag lag) {
    decisions = counter(registry, "auditor.decisions", "Decisions counted, each once");
    duplicates = counter(registry, "auditor.duplicates", "Records that had come before");
    late = counter(registry, "auditor.late", "Decisions counted in the minute of their arrival");
    deadLetters =
        counter(
            registry,
            "auditor.dlq",
            "Records set aside: unreadable, misplaced, or refused by PostgreSQL");
    newlyLost = counter(registry, "auditor.lost", "Numbers newly found lost since the start");
    upserts = counter(registry, "auditor.upserts", "Rows sent to PostgreSQL");
    failures = counter(registry, "auditor.write.errors", "Batches that could not be written");
    writes =
        Timer.builder("auditor.write.duration")
            .description("One batch of rows, in one transaction")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    Gauge.builder("auditor.lost.now", this, AuditMeters::lostNow)
        .description("Numbers lost in the series of this instance's partitions, as of now")
        .register(registry);
    Gauge.builder("auditor.lag.records", lag, Lag::ofTopology)
        .tag("stage", "topology")
        .description("Records on the topic that are not read yet; NaN while unknown")
        .register(registry);
    Gauge.builder("auditor.lag.records", lag, Lag::ofStore)
        .tag("stage", "store")
        .description("Records on the topic that are not read yet; NaN while unknown")
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
  public void deadLetter(String origin, String reason) {
    deadLetters.increment();
    setAside.add(origin, reason);
  }

  SetAside setAside() {
    return setAside;
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
  public void upserts(int rows, long nanos) {
    upserts.increment(rows);
    writes.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void batchFailed() {
    failures.increment();
  }
}
