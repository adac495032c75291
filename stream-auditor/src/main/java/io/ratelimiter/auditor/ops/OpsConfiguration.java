package io.ratelimiter.auditor.ops;

import ch.qos.logback.classic.LoggerContext;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ratelimiter.auditor.store.Sink;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;
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

  /** Micrometer's own metrics to which {@code promtool check metrics} objects. */
  private static final Pattern MISNAMED =
      Pattern.compile("tomcat\\.sessions\\..*|process\\.cpu\\.time|system\\.cpu\\.count");

  private static final MediaType PROMETHEUS =
      MediaType.parseMediaType("text/plain;version=0.0.4;charset=utf-8");

  @Bean(destroyMethod = "close")
  PrometheusMeterRegistry meterRegistry() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.config().meterFilter(MeterFilter.deny(id -> MISNAMED.matcher(id.getName()).matches()));
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
  Commits commits(AuditStreams streams) {
    return new Commits(() -> StreamsConfiguration.metrics(streams));
  }

  /** What the application is, beside what it counts; nothing here asks a server. */
  @Bean
  StateMeters stateMeters(
      PrometheusMeterRegistry registry, AuditStreams streams, Sink sink, Commits commits) {
    StateMeters meters = new StateMeters(streams, sink, commits);
    meters.bindTo(registry);
    return meters;
  }

  /** Before all other beans: what they say is bounded too. */
  @Bean(destroyMethod = "stop")
  static RepeatFilter repeatFilter() {
    return RepeatFilter.before((LoggerContext) LoggerFactory.getILoggerFactory());
  }

  @Bean
  FunctionCounter suppressedLines(PrometheusMeterRegistry registry, RepeatFilter filter) {
    return FunctionCounter.builder("auditor.log.lines.suppressed", filter, RepeatFilter::suppressed)
        .description("Warnings and errors not written because many of their kind were")
        .register(registry);
  }

  @Bean
  Health health(
      AuditStreams streams,
      Sink sink,
      Lag lag,
      Commits commits,
      KafkaPulse kafka,
      AuditMeters meters) {
    return new Health(streams, sink, lag, commits, kafka, meters.setAside());
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
