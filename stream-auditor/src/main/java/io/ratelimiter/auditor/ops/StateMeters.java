package io.ratelimiter.auditor.ops;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.ratelimiter.auditor.store.Sink;
import io.ratelimiter.auditor.streams.AuditStreams;
import java.util.function.ToDoubleFunction;

/** Gauges of the auditor's state: whether it runs, and whether its rows reach the tables. */
record StateMeters(AuditStreams streams, Sink sink, CommitAge commitAge) implements MeterBinder {

  private static final String RUNNING = "auditor.streams.running";
  private static final String COMMIT_AGE = "auditor.commit.age.seconds";
  private static final String REPLACED = "auditor.streams.replaced.threads";
  private static final String WRITING = "auditor.store.writing";

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(registry, RUNNING, "1 while Kafka Streams runs", m -> m.streams.isAuditing() ? 1 : 0);
    gauge(
        registry,
        COMMIT_AGE,
        "Seconds since the last commit, measured at scrapes; grows without records; NaN before the"
            + " first commit",
        m -> seconds(m.commitAge));
    gauge(
        registry,
        REPLACED,
        "Stream threads that died and were replaced",
        m -> m.streams.replacedThreads());
    gauge(
        registry,
        WRITING,
        "1 while rows reach PostgreSQL, or no database is configured",
        m -> m.sink.writes() ? 1 : 0);
  }

  private void gauge(
      MeterRegistry registry, String name, String help, ToDoubleFunction<StateMeters> value) {
    Gauge.builder(name, this, value).description(help).register(registry);
  }

  static double seconds(CommitAge commitAge) {
    Long seconds = commitAge.seconds();
    return seconds == null ? Double.NaN : seconds;
  }
}
