package io.ratelimiter.auditor.topology.input;

import io.ratelimiter.schemas.SeriesPosition;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Checks that an event is on the partition that its value and its key determine. One partition
 * writes all rows of a client: an event on another partition would overwrite them, and a copy there
 * would be counted twice.
 */
public final class Placement {

  private final int partition;
  private final int partitions;

  /**
   * @param partition number of the partition that is audited
   * @param partitions partition count of the decisions topic
   */
  public Placement(int partition, int partitions) {
    this.partition = partition;
    this.partitions = partitions;
  }

  /** The fault of an event's partition or key, for the dead letter; null when there is none. */
  public @Nullable String fault(byte @Nullable [] key, AuditedEvent event) {
    return switch (event) {
      case AuditedEvent.Decision(var decision) ->
          fault(key, decision.position(), decision.tenant(), decision.clientId());
      case AuditedEvent.Adjustment(var adjustment) ->
          fault(key, adjustment.position(), adjustment.tenant(), adjustment.clientId());
      case AuditedEvent.Ledger(var ledger) -> fault(ledger.partition());
    };
  }

  private @Nullable String fault(
      byte @Nullable [] key, SeriesPosition position, String tenant, String clientId) {
    if (position.partition() != partition) {
      return fault(position.partition());
    }
    if (key == null
        || !Arrays.equals(key, (tenant + '/' + clientId).getBytes(StandardCharsets.UTF_8))) {
      return "key is not tenant/client_id of the value";
    }
    int expected = Utils.toPositive(Utils.murmur2(key)) % partitions;
    return expected == partition
        ? null
        : "partition is " + partition + ", that of the key is " + expected;
  }

  private @Nullable String fault(int named) {
    return named == partition
        ? null
        : "partition is " + named + " in the value, the record is on " + partition;
  }
}
