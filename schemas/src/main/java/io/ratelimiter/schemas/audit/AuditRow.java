package io.ratelimiter.schemas.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one span so far: absolute values that replace older ones.
 *
 * @param topic the decisions topic from which it was computed
 * @param latency null in kinds without latencies
 * @param registers of a HyperLogLog that are not 0, ascending: index times 64 plus the rank; empty
 *     in other kinds
 */
public record AuditRow(
    Dimensions dimensions,
    Figures figures,
    @Nullable Latencies latency,
    List<Integer> registers,
    String topic,
    int partition,
    int generation,
    long revision)
    implements BlockRateRecord {

  /** Number of registers of a HyperLogLog; its standard error is 2.3 %. */
  public static final int REGISTERS = 2_048;

  /** The entry of a register is its index times this number, plus its rank. */
  public static final int RANKS = 64;

  public AuditRow {
    registers = List.copyOf(registers);
  }
}
