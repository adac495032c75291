package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.LedgerEvent;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
   * Tells the last word on series.
   *
   * @param unknownTail whether more may have been issued than is known
   * @return those of which Kafka did not confirm it
   */
  CompletableFuture<List<Series>> close(
      Producer<byte[], byte[]> producer, List<Series> series, boolean unknownTail) {
    Map<Series, CompletableFuture<@Nullable Exception>> told = new LinkedHashMap<>();
    for (Series one : series) {
      told.put(one, tell(producer, one, one.lastLedger(unknownTail)));
    }
    return CompletableFuture.allOf(told.values().toArray(CompletableFuture[]::new))
        .thenApply(_ ->
            series.stream().filter(one -> failed(Objects.requireNonNull(told.get(one)))).toList());
  }

  private static boolean failed(CompletableFuture<@Nullable Exception> told) {
    return told.join() != null;
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
