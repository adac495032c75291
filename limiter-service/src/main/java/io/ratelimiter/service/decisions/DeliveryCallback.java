package io.ratelimiter.service.decisions;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Tells a {@link Delivery} once. The producer calls back on the sending thread when it does not
 * take a record (no metadata, no buffer, too large) and on its own thread otherwise; and a producer
 * in a fatal state may take a record, throw, and call back as well.
 */
final class DeliveryCallback implements Callback {

  private final EventSender books;
  private final int bytes;
  private final Delivery delivery;
  private final Thread sender = Thread.currentThread();
  private final AtomicBoolean told = new AtomicBoolean();

  DeliveryCallback(EventSender books, int bytes, Delivery delivery) {
    this.books = books;
    this.bytes = bytes;
    this.delivery = delivery;
  }

  @Override
  public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
    if (!told.compareAndSet(false, true)) {
      return;
    }
    books.answered(failure == null, bytes);
    if (failure == null) {
      delivery.acked();
    } else {
      tell(Thread.currentThread() != sender, failure);
    }
  }

  /** The producer threw instead of taking the record: it will not be sent. */
  void thrown(RuntimeException failure) {
    if (told.compareAndSet(false, true)) {
      books.answered(false, bytes);
      tell(false, failure);
    }
  }

  private void tell(boolean handed, Exception failure) {
    if (faultOfTheRecord(failure)) {
      delivery.refused(failure);
    } else {
      delivery.failed(handed, failure);
    }
  }

  /** Everything else, missing rights included, can be mended while the record waits on disk. */
  private static boolean faultOfTheRecord(Exception failure) {
    return failure instanceof RecordTooLargeException
        || failure instanceof SerializationException
        || failure instanceof InvalidTimestampException;
  }
}
