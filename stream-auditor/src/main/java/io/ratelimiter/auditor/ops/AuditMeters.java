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

/** Counters, timer and gauges of the auditor. */
final class AuditMeters implements AuditCounts, StoreCounts {

  private static final Duration[] BUCKETS =
      LongStream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private record AuditedPartition(String topic, int number) {}

  private final Counter decisions;
  private final Counter duplicates;
  private final Counter late;
  private final Counter deadLetters;
  private final Counter newlyLost;
  private final Counter upserts;
  private final Counter failures;
  private final Timer writes;
  private final Map<AuditedPartition, Long> lostByPartition = new ConcurrentHashMap<>();
  private final DeadLetterStats deadLetterStats = new DeadLetterStats(Clock.systemUTC());

  AuditMeters(MeterRegistry registry, ConsumerLag lag) {
    decisions = counter(registry, "auditor.decisions", "Decisions counted, without duplicates");
    duplicates =
        counter(registry, "auditor.duplicates", "Records received before and not counted again");
    late =
        counter(
            registry,
            "auditor.late",
            "Decisions counted in the minute of their arrival instead of their own");
    deadLetters =
        counter(
            registry,
            "auditor.dlq",
            "Records sent to the dead-letter topic: unreadable, misplaced, or refused by PostgreSQL");
    newlyLost = counter(registry, "auditor.lost", "Sequence numbers found lost since the start");
    upserts = counter(registry, "auditor.upserts", "Rows written to PostgreSQL");
    failures = counter(registry, "auditor.write.errors", "Batches that could not be written");
    writes =
        Timer.builder("auditor.write.duration")
            .description("Duration of one batch, which is one transaction")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    Gauge.builder("auditor.lost.now", this, AuditMeters::lostNow)
        .description("Sequence numbers lost in the series of this instance's partitions")
        .register(registry);
    Gauge.builder("auditor.lag.records", lag, ConsumerLag::ofTopology)
        .tag("stage", "topology")
        .description("Records that are not read yet; NaN while no partition is read")
        .register(registry);
    Gauge.builder("auditor.lag.records", lag, ConsumerLag::ofStore)
        .tag("stage", "store")
        .description("Records that are not read yet; NaN while no partition is read")
        .register(registry);
  }

  private static Counter counter(MeterRegistry registry, String name, String help) {
    return Counter.builder(name).description(help).register(registry);
  }

  private double lostNow() {
    return lostByPartition.values().stream().mapToLong(Long::longValue).sum();
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
    deadLetterStats.add(origin, reason);
  }

  DeadLetterStats deadLetterStats() {
    return deadLetterStats;
  }

  @Override
  public void newlyLost(long numbers) {
    newlyLost.increment((double) numbers);
  }

  @Override
  public void lost(String topic, int partition, long numbers) {
    lostByPartition.put(new AuditedPartition(topic, partition), numbers);
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
