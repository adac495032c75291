package io.ratelimiter.service.decisions;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/** The metrics of telling decisions. */
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

  private final DecisionsStatus status;

  DecisionMetrics(DecisionsStatus status) {
    this.status = status;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    counter(registry, ISSUED, "Decisions and adjustments numbered", DecisionsStatus::issued);
    counter(registry, RECOVERED, "Found in the spool at start", DecisionsStatus::recovered);
    counter(registry, ACKED, "Confirmed by Kafka", DecisionsStatus::acked);
    for (DropReason reason : DropReason.values()) {
      FunctionCounter.builder(DROPPED, status, s -> s.dropped().getOrDefault(reason, 0L))
          .tag("reason", reason.wireName())
          .description("Given up")
          .register(registry);
    }
    bindBacklog(registry);
    bindProducer(registry);
  }

  private void bindBacklog(MeterRegistry registry) {
    gauge(registry, IN_FLIGHT, "On their way to Kafka or to disk", DecisionsStatus::inFlight);
    gauge(registry, SPOOLED, "Waiting on disk", DecisionsStatus::spooled);
    gauge(registry, SPOOL_BYTES, "Size of the spool's files", DecisionsStatus::spoolBytes);
    gauge(
        registry,
        SPOOL_AGE,
        "How long the oldest has been waiting on disk",
        s -> s.oldestSpooledAge().toMillis() / 1000.0);
    gauge(registry, SPOOL_LIMIT, "From what size on it drops", DecisionsStatus::spoolLimitBytes);
    gauge(registry, SPOOL_USABLE, "1 while the disk takes it", s -> s.spoolUsable() ? 1 : 0);
  }

  private void bindProducer(MeterRegistry registry) {
    gauge(registry, KAFKA_UP, "1 while Kafka takes decisions", s -> s.kafkaAvailable() ? 1 : 0);
    gauge(
        registry,
        BUFFER,
        "What is left of the producer's buffer",
        DecisionsStatus::producerBufferAvailableBytes);
    counter(
        registry,
        RECORD_ERRORS,
        "Records that the producer gave up; they go to the spool",
        DecisionsStatus::producerRecordErrors);
    counter(
        registry,
        BUFFER_EXHAUSTED,
        "Records that found no room in the producer's buffer; they go to the spool",
        DecisionsStatus::producerBufferExhausted);
  }

  private void counter(
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<DecisionsStatus> value) {
    FunctionCounter.builder(name, status, value).description(description).register(registry);
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<DecisionsStatus> value) {
    Gauge.builder(name, status, value).description(description).register(registry);
  }
}
