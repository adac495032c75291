package io.ratelimiter.auditor.ops;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.ratelimiter.auditor.store.Sink;
import java.util.function.ToDoubleFunction;

/** Whether the audit runs and its rows reach the tables, by metric name. */
final class StateMeters implements MeterBinder {

  private static final String RUNNING = "auditor.streams.running";
  private static final String COMMIT_AGE = "auditor.commit.age.seconds";
  private static final String REPLACED = "auditor.streams.replaced.threads";
  private static final String WRITING = "auditor.store.writing";

  private final AuditStreams streams;
  private final Sink sink;
  private final Commits commits;

  StateMeters(AuditStreams streams, Sink sink, Commits commits) {
    this.streams = streams;
    this.sink = sink;
    this.commits = commits;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(registry, RUNNING, "1 while Kafka Streams runs", m -> m.streams.isAuditing() ? 1 : 0);
    gauge(
        registry,
        COMMIT_AGE,
        "Since the last commit, seen at scrapes; grows while nothing comes; NaN before the first",
        m -> commitAgeSeconds(m.commits));
    gauge(
        registry,
        REPLACED,
        "Stream threads that died and were replaced",
        m -> m.streams.replacedThreads());
    gauge(
        registry,
        WRITING,
        "1 while rows reach PostgreSQL, or none is configured",
        m -> m.sink.writes() ? 1 : 0);
  }

  private void gauge(
      MeterRegistry registry, String name, String what, ToDoubleFunction<StateMeters> value) {
    Gauge.builder(name, this, value).description(what).register(registry);
  }

  static double commitAgeSeconds(Commits commits) {
    Long age = commits.ageSeconds();
    return age == null ? Double.NaN : age;
  }
}
