package io.ratelimiter.service.decisions.kafka;

import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.service.decisions.series.Epoch;
import io.ratelimiter.service.decisions.series.EventKind;
import io.ratelimiter.service.decisions.series.IssuedSeries;
import io.ratelimiter.service.decisions.series.OutgoingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Publishes ledgers: the outcomes of the numbers of each series. A ledger has no number and is
 * never spooled. Never blocks.
 */
public final class LedgerPublisher {

  private final Clock clock;
  private final EventWriter writer = new EventWriter();

  public LedgerPublisher(Clock clock) {
    this.clock = clock;
  }

  /** Publishes the ledger of every series of an epoch that continues. */
  public void publish(EventSender sender, Epoch epoch) {
    for (IssuedSeries series : epoch.series()) {
      var _ = publish(sender, series, series.ledger());
    }
  }

  /**
   * Publishes one ledger.
   *
   * @return the failure, or null once Kafka acknowledged the ledger
   */
  CompletableFuture<@Nullable Exception> publish(
      EventSender sender, IssuedSeries series, LedgerEvent ledger) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    OutgoingEvent event =
        new OutgoingEvent(
            series,
            0,
            EventKind.LEDGER,
            ledger.epoch() + "-" + ledger.partition() + "-" + micros,
            null,
            micros,
            // No tenant's name begins like this.
            ("~ledger/" + ledger.instance()).getBytes(StandardCharsets.UTF_8),
            writer.ledger(ledger.at(micros)));
    CompletableFuture<@Nullable Exception> published = new CompletableFuture<>();
    sender.send(event, (_, failure) -> published.complete(failure));
    return published;
  }

  /**
   * Publishes the last ledger of these series.
   *
   * @param unknownTail whether more numbers may have been issued than are counted
   * @return the series whose ledger Kafka did not acknowledge
   */
  public CompletableFuture<List<IssuedSeries>> close(
      EventSender sender, List<IssuedSeries> series, boolean unknownTail) {
    Map<IssuedSeries, CompletableFuture<@Nullable Exception>> published = new LinkedHashMap<>();
    for (IssuedSeries one : series) {
      published.put(one, publish(sender, one, one.lastLedger(unknownTail)));
    }
    return CompletableFuture.allOf(published.values().toArray(CompletableFuture[]::new))
        .thenApply(_ ->
            series.stream()
                .filter(one -> Objects.requireNonNull(published.get(one)).join() != null)
                .toList());
  }
}
