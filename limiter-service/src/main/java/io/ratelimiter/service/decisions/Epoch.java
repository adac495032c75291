package io.ratelimiter.service.decisions;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

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
}
