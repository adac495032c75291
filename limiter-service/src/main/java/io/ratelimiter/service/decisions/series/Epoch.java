package io.ratelimiter.service.decisions.series;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One start of a publisher and its series, one per partition.
 *
 * @param series by partition
 */
public record Epoch(EpochName name, List<IssuedSeries> series) {

  private static final int ID_BYTES = 8;

  public Epoch {
    series = List.copyOf(series);
  }

  /**
   * A new epoch, before its first decision.
   *
   * @param region null without one
   */
  public static Epoch begin(
      String instance, @Nullable String region, String topic, int partitions, Instant now) {
    long begunMicros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
    byte[] random = new byte[ID_BYTES];
    new SecureRandom().nextBytes(random);
    EpochName name = new EpochName(HexFormat.of().formatHex(random), instance, region, topic);
    return new Epoch(
        name,
        forEach(
            partitions,
            partition ->
                new IssuedSeries(name, new SeriesCounts(partition, 0, 0, 0, 0, 0), begunMicros)));
  }

  /** The epoch of an earlier process; a series without counts is empty. */
  public static Epoch resume(EpochRow row, List<SeriesCounts> counts) {
    Map<Integer, SeriesCounts> known = new HashMap<>();
    counts.forEach(one -> known.put(one.partition(), one));
    return new Epoch(
        row.name(),
        forEach(
            row.partitions(),
            partition ->
                new IssuedSeries(
                    row.name(),
                    known.getOrDefault(partition, new SeriesCounts(partition, 0, 0, 0, 0, 0)),
                    null)));
  }

  private static List<IssuedSeries> forEach(int partitions, IntFunction<IssuedSeries> series) {
    return IntStream.range(0, partitions).mapToObj(series).toList();
  }

  public String id() {
    return name.id();
  }

  /** The counts of every series. */
  public List<SeriesCounts> counts() {
    return series.stream().map(IssuedSeries::counts).toList();
  }

  /** Numbers issued in all series. */
  public long issued() {
    return series.stream().mapToLong(IssuedSeries::issued).sum();
  }

  /** Events of this epoch that are on disk. */
  public long spooled() {
    return series.stream().mapToLong(one -> one.counts().spooled()).sum();
  }
}
