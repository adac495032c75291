package io.ratelimiter.auditor.ops;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ratelimiter.auditor.store.Sink;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** Health and metrics, and where they are read. */
@Configuration(proxyBeanMethods = false)
public class OpsConfiguration {

  private static final MediaType PROMETHEUS =
      MediaType.parseMediaType("text/plain;version=0.0.4;charset=utf-8");

  @Bean(destroyMethod = "close")
  PrometheusMeterRegistry meterRegistry() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    return registry;
  }

  @Bean(destroyMethod = "close")
  JvmGcMetrics jvmGcMetrics(PrometheusMeterRegistry registry) {
    JvmGcMetrics metrics = new JvmGcMetrics();
    metrics.bindTo(registry);
    return metrics;
  }

  /** Metrics hear the streams application, and lag asks it: it is looked up when asked for. */
  @Bean
  Lag lag(ObjectProvider<AuditStreams> streams, ObjectProvider<Sink> sink) {
    return new ConsumerLag(
        () -> StreamsConfiguration.metrics(streams.getObject()), () -> sink.getObject().metrics());
  }

  @Bean
  AuditMeters auditMeters(PrometheusMeterRegistry registry, Lag lag) {
    return new AuditMeters(registry, lag);
  }

  @Bean
  Health health(AuditStreams streams, Sink sink, Lag lag, Admin admin) {
    Commits commits = new Commits(() -> StreamsConfiguration.metrics(streams));
    return new Health(streams, sink, lag, commits, admin);
  }

  @Bean
  RouterFunction<ServerResponse> routes(Health health, PrometheusMeterRegistry registry) {
    return RouterFunctions.route()
        .GET(
            "/health",
            request ->
                ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).body(health.now()))
        .GET(
            "/metrics",
            request -> ServerResponse.ok().contentType(PROMETHEUS).body(registry.scrape()))
        .build();
  }
}
