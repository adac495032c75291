package io.ratelimiter.service.decisions.series;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * One start of a publisher and its series, one per partition.
 *
 * @param id random, 16 hexadecimal digits
 * @param series by partition
 */
public record Epoch(String instance, String id, List<IssuedSeries> series) {

  private static final int ID_BYTES = 8;

  public Epoch {
    series = List.copyOf(series);
  }

  /** A new epoch. */
  public static Epoch begin(String instance, int partitions) {
    byte[] random = new byte[ID_BYTES];
    new SecureRandom().nextBytes(random);
    String id = HexFormat.of().formatHex(random);
    return new Epoch(
        instance,
        id,
        forEach(
            partitions,
            partition ->
                new IssuedSeries(instance, id, new SeriesCounts(partition, 0, 0, 0, 0, 0))));
  }

  /** The epoch of an earlier process; a series without counts is empty. */
  public static Epoch resume(EpochRow row, List<SeriesCounts> counts) {
    Map<Integer, SeriesCounts> known = new HashMap<>();
    counts.forEach(one -> known.put(one.partition(), one));
    return new Epoch(
        row.instance(),
        row.id(),
        forEach(
            row.partitions(),
            partition ->
                new IssuedSeries(
                    row.instance(),
                    row.id(),
                    known.getOrDefault(partition, new SeriesCounts(partition, 0, 0, 0, 0, 0)))));
  }

  private static List<IssuedSeries> forEach(int partitions, IntFunction<IssuedSeries> series) {
    return IntStream.range(0, partitions).mapToObj(series).toList();
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
