package io.ratelimiter.auditor.topology.state;

import com.datadoghq.sketch.ddsketch.mapping.IndexMapping;
import com.datadoghq.sketch.ddsketch.mapping.LogarithmicMapping;
import io.ratelimiter.schemas.audit.Latencies;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A latency histogram with DDSketch's logarithmic buckets: the relative error of a quantile is at
 * most 2 %, and histograms are added bucket by bucket (Masson, Rim, Lee: DDSketch, VLDB 2019).
 *
 * <p>An array from the lowest to the highest bucket in use, about a hundred for latencies, so that
 * it is copied in one piece.
 */
public final class Histogram {

  /** The SQL function {@code audit.latency_bucket_us} has the same value. */
  static final double RELATIVE_ERROR = 0.02;

  private static final IndexMapping MAPPING = new LogarithmicMapping(RELATIVE_ERROR);
  private int base;
  private int[] counts = {};

  void read(ByteBuffer in) {
    base = in.getInt();
    counts = new int[in.remaining() / Integer.BYTES];
    in.asIntBuffer().get(counts);
  }

  /** Bytes that {@link #write} needs. */
  int size() {
    return Integer.BYTES * (1 + counts.length);
  }

  void write(ByteBuffer out) {
    out.putInt(base);
    out.asIntBuffer().put(counts);
    out.position(out.position() + Integer.BYTES * counts.length);
  }

  void add(long micros) {
    int bucket = MAPPING.index((double) Math.max(1, micros));
    extendTo(bucket);
    counts[bucket - base]++;
  }

  /** Adds all latencies of another histogram. */
  void merge(Histogram other) {
    if (other.counts.length > 0) {
      extendTo(other.base);
      extendTo(other.base + other.counts.length - 1);
      for (int i = 0; i < other.counts.length; i++) {
        counts[other.base - base + i] += other.counts[i];
      }
    }
  }

  private void extendTo(int bucket) {
    if (counts.length == 0) {
      base = bucket;
      counts = new int[1];
    } else if (bucket < base) {
      int[] wider = new int[counts.length + base - bucket];
      System.arraycopy(counts, 0, wider, base - bucket, counts.length);
      base = bucket;
      counts = wider;
    } else if (bucket >= base + counts.length) {
      counts = Arrays.copyOf(counts, bucket - base + 1);
    }
  }

  /** The buckets that are not empty. */
  public Latencies published() {
    List<Integer> buckets = new ArrayList<>();
    List<Long> used = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        buckets.add(base + i);
        used.add((long) counts[i]);
      }
    }
    return new Latencies(buckets, used);
  }
}
