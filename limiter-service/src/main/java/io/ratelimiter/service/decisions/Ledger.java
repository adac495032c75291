package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.LedgerEvent;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/** Tells the topic what became of each series. Ledgers take no number and are never spooled. */
final class Ledger {

  private final EventSender sender;
  private final Clock clock;
  private final EventWriter writer = new EventWriter();

  Ledger(EventSender sender, Clock clock) {
    this.sender = sender;
    this.clock = clock;
  }

  /** Tells the state of every series of an epoch that goes on. */
  void tell(Producer<byte[], byte[]> producer, Epoch epoch) {
    for (Series series : epoch.series()) {
      var _ = tell(producer, series, series.ledger());
    }
  }

  /**
   * Tells the state of one series. Never blocks.
   *
   * @return null once Kafka confirmed it, else what went wrong
   */
  CompletableFuture<@Nullable Exception> tell(
      Producer<byte[], byte[]> producer, Series series, LedgerEvent ledger) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    OutgoingEvent event =
        new OutgoingEvent(
            series,
            0,
            EventKind.LEDGER,
            ledger.epoch() + "-" + ledger.partition() + "-" + micros,
            null,
            micros,
            // No tenant begins like this.
            ("~ledger/" + ledger.instance()).getBytes(StandardCharsets.UTF_8),
            writer.ledger(ledger));
    CompletableFuture<@Nullable Exception> told = new CompletableFuture<>();
    sender.send(producer, event, new LedgerDelivery(told));
    return told;
  }

  /**
   * Closes an epoch: tells the last word on each series that the topic has a partition for.
   *
   * @param unknownTail whether more may have been issued than is known
   * @return whether Kafka confirmed all of them
   */
  CompletableFuture<Boolean> close(
      Producer<byte[], byte[]> producer, Epoch epoch, int partitions, boolean unknownTail) {
    List<CompletableFuture<@Nullable Exception>> told = new ArrayList<>();
    for (Series series : epoch.series()) {
      if (series.partition() < partitions) {
        told.add(tell(producer, series, series.lastLedger(unknownTail)));
      }
    }
    return CompletableFuture.allOf(told.toArray(CompletableFuture[]::new))
        .thenApply(_ -> told.stream().allMatch(one -> one.join() == null));
  }

  private record LedgerDelivery(CompletableFuture<@Nullable Exception> told) implements Delivery {

    @Override
    public void acked() {
      told.complete(null);
    }

    @Override
    public void refused(Exception cause) {
      told.complete(cause);
    }

    @Override
    public void failed(boolean handed, Exception cause) {
      told.complete(cause);
    }
  }
}
