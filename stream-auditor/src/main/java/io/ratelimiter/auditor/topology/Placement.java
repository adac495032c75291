package io.ratelimiter.auditor.topology;

import io.ratelimiter.schemas.SeriesPosition;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Checks that an event is on the partition that its value and its key determine. A client's rows
 * are written by one partition only, so an event of the client on another one would overwrite them;
 * and a copy on another partition would be counted twice.
 */
final class Placement {

  private final int partition;
  private final int partitions;

  Placement(int partition, int partitions) {
    this.partition = partition;
    this.partitions = partitions;
  }

  /** The fault in the partition or the key of an event; null when there is none. */
  @Nullable String fault(byte @Nullable [] key, Audited event) {
    return switch (event) {
      case Audited.Decided(var decision) ->
          fault(key, decision.position(), decision.tenant(), decision.clientId());
      case Audited.Adjusted(var adjustment) ->
          fault(key, adjustment.position(), adjustment.tenant(), adjustment.clientId());
      case Audited.Told(var ledger) -> fault(ledger.partition());
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
    int home = Utils.toPositive(Utils.murmur2(key)) % partitions;
    return home == partition ? null : "partition is " + partition + ", that of the key is " + home;
  }

  private @Nullable String fault(int named) {
    return named == partition
        ? null
        : "partition is " + named + " in the value, the record stands on " + partition;
  }
}
