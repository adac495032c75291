package io.ratelimiter.service.decisions;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.ratelimiter.service.decisions.DecisionsStatus.State;
import io.ratelimiter.service.decisions.series.DropReason;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The metrics of publishing decisions. */
final class DecisionMetrics implements MeterBinder {

  private static final String ISSUED = "ratelimiter.decisions.issued";
  private static final String RECOVERED = "ratelimiter.decisions.recovered";
  private static final String ACKED = "ratelimiter.decisions.acked";
  private static final String DROPPED = "ratelimiter.decisions.dropped";
  private static final String IN_FLIGHT = "ratelimiter.decisions.in.flight";
  private static final String SPOOLED = "ratelimiter.decisions.spooled";
  private static final String SPOOL_BYTES = "ratelimiter.spool.bytes";
  private static final String SPOOL_AGE = "ratelimiter.spool.oldest.age.seconds";
  private static final String KAFKA_UP = "ratelimiter.kafka.available";
  private static final String SPOOL_LIMIT = "ratelimiter.spool.limit.bytes";
  private static final String SPOOL_USABLE = "ratelimiter.spool.usable";
  private static final String RECORD_ERRORS = "ratelimiter.producer.record.errors";
  private static final String BUFFER_EXHAUSTED = "ratelimiter.producer.buffer.exhausted";
  private static final String BUFFER = "ratelimiter.producer.buffer.available.bytes";

  /** Longer than a scrape takes, and much shorter than the time between two. */
  private static final long MAX_AGE_NANOS = Duration.ofMillis(50).toNanos();

  private record Snapshot(State state, long nanos) {}

  private final DecisionsStatus status;
  private final LongSupplier nanoTime;
  private volatile @Nullable Snapshot latest;

  /**
   * @param nanoTime as {@link System#nanoTime()}
   */
  DecisionMetrics(DecisionsStatus status, LongSupplier nanoTime) {
    this.status = status;
    this.nanoTime = nanoTime;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    counter(registry, ISSUED, "Decisions and adjustments numbered", State::issued);
    counter(registry, RECOVERED, "Events found in the spool at start", State::recovered);
    counter(registry, ACKED, "Events acknowledged by Kafka", State::acked);
    for (DropReason reason : DropReason.values()) {
      FunctionCounter.builder(
              DROPPED, this, m -> m.state().dropped().getOrDefault(reason, 0L).doubleValue())
          .tag("reason", reason.wireName())
          .description("Events given up")
          .register(registry);
    }
    bindBacklog(registry);
    bindProducer(registry);
  }

  private void bindBacklog(MeterRegistry registry) {
    gauge(registry, IN_FLIGHT, "Events being sent to Kafka or written to disk", State::inFlight);
    gauge(registry, SPOOLED, "Events on disk", s -> s.spool().events());
    gauge(registry, SPOOL_BYTES, "Size of the spool's files", s -> s.spool().bytes());
    gauge(
        registry,
        SPOOL_AGE,
        "Age of the oldest event on disk",
        s -> s.spool().oldestAge().toMillis() / 1000.0);
    gauge(registry, SPOOL_LIMIT, "Spool size from which it drops", s -> s.spool().limitBytes());
    gauge(registry, SPOOL_USABLE, "1 while the disk is writable", s -> s.spool().usable() ? 1 : 0);
  }

  private void bindProducer(MeterRegistry registry) {
    gauge(registry, KAFKA_UP, "1 while Kafka accepts decisions", s -> s.kafkaAvailable() ? 1 : 0);
    gauge(
        registry,
        BUFFER,
        "Free part of the producer's buffer",
        s -> s.producer().bufferAvailableBytes());
    counter(
        registry,
        RECORD_ERRORS,
        "Records that the producer failed to send; they go to the spool",
        s -> s.producer().recordErrors());
    counter(
        registry,
        BUFFER_EXHAUSTED,
        "Records for which the producer's buffer had no room; they go to the spool",
        s -> s.producer().bufferExhausted());
  }

  private void counter(
      MeterRegistry registry, String name, String description, ToDoubleFunction<State> value) {
    FunctionCounter.builder(name, this, m -> value.applyAsDouble(m.state()))
        .description(description)
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry, String name, String description, ToDoubleFunction<State> value) {
    Gauge.builder(name, this, m -> value.applyAsDouble(m.state()))
        .description(description)
        .register(registry);
  }

  /** The state that all meters of a scrape share: each would otherwise compute all of it. */
  private State state() {
    long nowNanos = nanoTime.getAsLong();
    Snapshot known = latest;
    if (known == null || nowNanos - known.nanos() >= MAX_AGE_NANOS) {
      known = new Snapshot(status.state(), nowNanos);
      latest = known;
    }
    return known.state();
  }
}
