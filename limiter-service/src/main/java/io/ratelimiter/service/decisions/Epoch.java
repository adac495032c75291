package io.ratelimiter.service.decisions;

import io.ratelimiter.service.decisions.spool.EpochNote;
import io.ratelimiter.service.decisions.spool.SeriesNote;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * One start of this publisher and its series, one for each partition.
 *
 * @param id random, 16 hexadecimal digits
 * @param series by partition
 */
record Epoch(String instance, String id, List<Series> series) {

  private static final int ID_BYTES = 8;

  Epoch {
    series = List.copyOf(series);
  }

  /** A new one. */
  static Epoch begin(String instance, int partitions) {
    byte[] random = new byte[ID_BYTES];
    new SecureRandom().nextBytes(random);
    String id = HexFormat.of().formatHex(random);
    List<Series> series = new ArrayList<>(partitions);
    for (int partition = 0; partition < partitions; partition++) {
      series.add(new Series(instance, id, partition));
    }
    return new Epoch(instance, id, series);
  }

  /** That of an earlier process. */
  static Epoch resume(EpochNote note, List<SeriesNote> known) {
    Map<Integer, SeriesNote> notes = new HashMap<>();
    known.forEach(series -> notes.put(series.partition(), series));
    List<Series> series = new ArrayList<>(note.partitions());
    for (int partition = 0; partition < note.partitions(); partition++) {
      SeriesNote nothing = new SeriesNote(partition, 0, 0, 0, 0, 0);
      series.add(new Series(note, notes.getOrDefault(partition, nothing)));
    }
    return new Epoch(note.instance(), note.id(), series);
  }

  /** What is to be noted of every series. */
  List<SeriesNote> notes() {
    return series.stream().map(Series::note).toList();
  }

  /** How many of its events wait on disk. */
  long spooled() {
    return series.stream().mapToLong(one -> one.note().spooled()).sum();
  }

  /** How many numbers are known to have been given out. */
  long issued() {
    return series.stream().mapToLong(one -> one.note().issued()).sum();
  }
}
