package io.ratelimiter.service.decisions.kafka;

import io.ratelimiter.service.decisions.kafka.Delivery.Outcome;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Reports the outcome of one record to its {@link Delivery}, once. The producer calls back on the
 * sending thread when it does not accept a record (no metadata, no buffer, too large), otherwise on
 * its own thread; a producer in a fatal state may accept a record, throw and call back as well.
 */
final class DeliveryCallback implements Callback {

  private final UnackedEvents unacked;
  private final int bytes;
  private final Delivery delivery;
  private final Thread sender = Thread.currentThread();
  private final AtomicBoolean reported = new AtomicBoolean();

  DeliveryCallback(UnackedEvents unacked, int bytes, Delivery delivery) {
    this.unacked = unacked;
    this.bytes = bytes;
    this.delivery = delivery;
  }

  @Override
  public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
    if (reported.compareAndSet(false, true)) {
      unacked.completed(failure == null, bytes);
      delivery.completed(outcome(failure), failure);
    }
  }

  private Outcome outcome(@Nullable Exception failure) {
    if (failure == null) {
      return Outcome.ACKED;
    }
    if (isFaultOfTheRecord(failure)) {
      return Outcome.REFUSED;
    }
    return Thread.currentThread() == sender ? Outcome.NOT_SENT : Outcome.MAYBE_SENT;
  }

  /** Any other fault, such as missing rights, can be repaired while the record is on disk. */
  private static boolean isFaultOfTheRecord(Exception failure) {
    return failure instanceof RecordTooLargeException
        || failure instanceof SerializationException
        || failure instanceof InvalidTimestampException;
  }
}
