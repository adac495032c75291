package io.ratelimiter.auditor.topology.state;

import io.ratelimiter.schemas.audit.AuditRow;
import java.util.ArrayList;
import java.util.List;

/**
 * A HyperLogLog: the number of distinct keys, with a standard error of 2.3 % (Flajolet et al.,
 * 2007). A key belongs to one of 2 048 registers, and each register keeps the highest rank of its
 * keys, which is the position of the first bit of their hash that is set.
 */
public final class Registers {

  private static final int INDEX_BITS = Integer.numberOfTrailingZeros(AuditRow.REGISTERS);

  private final byte[] ranks = new byte[AuditRow.REGISTERS];

  /** The register of a key. */
  public static int indexOf(long hash) {
    return (int) (hash >>> (Long.SIZE - INDEX_BITS));
  }

  /** The rank of a key, from 1 to 54: the lowest bit after those of the index is a sentinel. */
  public static byte rankOf(long hash) {
    return (byte) (1 + Long.numberOfLeadingZeros(hash << INDEX_BITS | 1L << (INDEX_BITS - 1)));
  }

  /** A hash of 64 bits: FNV-1a, and the last step of MurmurHash3, which spreads the bits. */
  public static long hash(byte[] key) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : key) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
    hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
    return hash ^ hash >>> 33;
  }

  public byte rank(int index) {
    return ranks[index];
  }

  public void rank(int index, byte rank) {
    ranks[index] = rank;
  }

  /** The registers that are not 0, as in {@link AuditRow#registers}. */
  public List<Integer> published() {
    List<Integer> published = new ArrayList<>();
    for (int index = 0; index < ranks.length; index++) {
      if (ranks[index] > 0) {
        published.add(index * AuditRow.RANKS + ranks[index]);
      }
    }
    return published;
  }

  /** Rises with each register that rises. */
  public long revision() {
    long sum = 0;
    for (byte rank : ranks) {
      sum += rank;
    }
    return sum;
  }
}
