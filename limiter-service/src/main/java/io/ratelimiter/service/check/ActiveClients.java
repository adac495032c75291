package io.ratelimiter.service.check;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/**
 * Estimates the number of distinct clients in the last minute: a HyperLogLog with 4096 registers
 * for each slice of ten seconds; the last seven slices are merged, so that it covers 60 to 70
 * seconds. 28 KiB, regardless of the number of clients.
 *
 * <p>Standard error 1.04 / √4096 = 1.6 %, smaller below about 10 000 clients with linear counting.
 * Registers are written without a lock: of two concurrent writes to one register the smaller value
 * may remain until either client is seen again.
 *
 * <p>Source: Flajolet, Fusy, Gandouet, Meunier: HyperLogLog, the analysis of a near-optimal
 * cardinality estimation algorithm (2007).
 */
final class ActiveClients {

  private static final int SLICES = 7;
  private static final long SLICE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int INDEX_BITS = 12;
  private static final int REGISTERS = 1 << INDEX_BITS;
  private static final double ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);

  private static final class Slice {
    private final long number;
    private final byte[] registers = new byte[REGISTERS];

    Slice(long number) {
      this.number = number;
    }
  }

  private final LongSupplier nanoTime;
  private final AtomicReferenceArray<Slice> slices = new AtomicReferenceArray<>(SLICES);

  ActiveClients(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Records a check of this client. */
  void seen(String tenant, String clientId) {
    long hash = mixed(hash(hash(OFFSET, tenant) * PRIME, clientId));
    int index = (int) (hash >>> (Long.SIZE - INDEX_BITS));
    // The sentinel bit bounds the rank when all remaining bits are 0.
    byte rank = (byte) (Long.numberOfLeadingZeros(hash << INDEX_BITS | 1L << (INDEX_BITS - 1)) + 1);
    byte[] registers = current().registers;
    if (registers[index] < rank) {
      registers[index] = rank;
    }
  }

  /** Estimated number of distinct clients in the last 60 to 70 seconds. */
  double estimate() {
    byte[] union = new byte[REGISTERS];
    long oldest = sliceNumber() - SLICES + 1;
    for (int i = 0; i < SLICES; i++) {
      Slice slice = slices.get(i);
      if (slice != null && slice.number >= oldest) {
        unite(union, slice.registers);
      }
    }
    return cardinality(union);
  }

  private Slice current() {
    long number = sliceNumber();
    int place = Math.floorMod(number, SLICES);
    Slice slice = slices.get(place);
    if (slice == null || slice.number != number) {
      slices.compareAndSet(place, slice, new Slice(number));
      slice = slices.get(place);
    }
    return slice;
  }

  private long sliceNumber() {
    return Math.floorDiv(nanoTime.getAsLong(), SLICE_NANOS);
  }

  private static void unite(byte[] union, byte[] registers) {
    for (int i = 0; i < REGISTERS; i++) {
      if (registers[i] > union[i]) {
        union[i] = registers[i];
      }
    }
  }

  private static double cardinality(byte[] registers) {
    double sum = 0;
    int empty = 0;
    for (byte register : registers) {
      sum += 1.0 / (1L << register);
      if (register == 0) {
        empty++;
      }
    }
    double raw = ALPHA * REGISTERS * REGISTERS / sum;
    return empty > 0 && raw <= 2.5 * REGISTERS
        ? REGISTERS * Math.log((double) REGISTERS / empty)
        : raw;
  }

  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  /** FNV-1a over characters; String.hashCode has only 32 bits, and collisions are easy to find. */
  private static long hash(long seed, String text) {
    long hash = seed;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    return hash;
  }

  /** The finalizer of MurmurHash3: spreads the entropy that FNV leaves in the low bits. */
  private static long mixed(long hash) {
    long h = hash;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
