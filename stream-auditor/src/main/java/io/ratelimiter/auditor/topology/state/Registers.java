package io.ratelimiter.auditor.topology.state;

import io.ratelimiter.schemas.audit.AuditRow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A HyperLogLog: the number of distinct keys, with a standard error of 2.3 % (Flajolet et al.,
 * 2007). A key belongs to one of 2 048 registers, and each register keeps the highest rank of its
 * keys, which is the position of the first bit of their hash that is set.
 */
public final class Registers {

  private static final int INDEX_BITS = Integer.numberOfTrailingZeros(AuditRow.REGISTERS);

  private final byte[] ranks = new byte[AuditRow.REGISTERS];
  private long lastChange;

  public static Registers decode(byte[] bytes) {
    ByteBuffer in = StateVersion.read(bytes);
    Registers registers = new Registers();
    registers.lastChange = Varint.read(in);
    while (in.hasRemaining()) {
      int entry = (int) Varint.read(in);
      registers.ranks[entry / AuditRow.RANKS] = (byte) (entry % AuditRow.RANKS);
    }
    return registers;
  }

  public byte[] encode() {
    List<Integer> entries = published();
    ByteBuffer out = ByteBuffer.allocate(1 + Varint.MAX_BYTES + 3 * entries.size());
    StateVersion.write(out);
    Varint.write(lastChange, out);
    entries.forEach(entry -> Varint.write(entry, out));
    return Arrays.copyOf(out.array(), out.position());
  }

  /** Adds a key; returns whether a register rose. */
  public boolean add(long hash) {
    int index = (int) (hash >>> (Long.SIZE - INDEX_BITS));
    // The lowest index bit as a sentinel bounds the rank.
    int rank = 1 + Long.numberOfLeadingZeros(hash << INDEX_BITS | 1L << (INDEX_BITS - 1));
    if (rank <= ranks[index]) {
      return false;
    }
    ranks[index] = (byte) rank;
    return true;
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

  public long lastChange() {
    return lastChange;
  }

  public void lastChange(long change) {
    lastChange = change;
  }
}
