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
import io.ratelimiter.auditor.kafka.KafkaClientSettings;
import io.ratelimiter.auditor.kafka.KafkaProbe;
import io.ratelimiter.auditor.store.Generation;
import io.ratelimiter.auditor.store.Sink;
import io.ratelimiter.auditor.streams.AuditStreams;
import io.ratelimiter.runtime.RepeatFilter;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** Beans of health, metrics and the log filter. */
@Configuration(proxyBeanMethods = false)
public class OpsConfiguration {

  /** Metrics of Micrometer whose names {@code promtool check metrics} refuses. */
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

  /** Resolves its beans with the first read: the streams application needs the meters. */
  @Bean
  ConsumerLag lag(ObjectProvider<AuditStreams> streams, ObjectProvider<Sink> sink) {
    return new ConsumerLag(() -> streams.getObject().metrics(), () -> sink.getObject().metrics());
  }

  @Bean
  AuditMeters auditMeters(PrometheusMeterRegistry registry, ConsumerLag lag) {
    return new AuditMeters(registry, lag);
  }

  @Bean
  CommitAge commitAge(AuditStreams streams) {
    return new CommitAge(streams::metrics);
  }

  @Bean
  StateMeters stateMeters(
      PrometheusMeterRegistry registry, AuditStreams streams, Sink sink, CommitAge commitAge) {
    StateMeters meters = new StateMeters(streams, sink, commitAge);
    meters.bindTo(registry);
    return meters;
  }

  /** Created before all other beans, so that their lines are bounded too. */
  @Bean(destroyMethod = "stop")
  static RepeatFilter repeatFilter() {
    return RepeatFilter.installOn((LoggerContext) LoggerFactory.getILoggerFactory());
  }

  @Bean
  FunctionCounter suppressedLines(PrometheusMeterRegistry registry, RepeatFilter filter) {
    return FunctionCounter.builder("auditor.log.lines.suppressed", filter, RepeatFilter::suppressed)
        .description("Warnings and errors suppressed because many of their kind were logged")
        .register(registry);
  }

  @Bean
  KafkaProbe kafkaProbe(KafkaClientSettings client) {
    return new KafkaProbe(client);
  }

  @Bean
  Health health(
      AuditStreams streams,
      Sink sink,
      Generation generation,
      ConsumerLag lag,
      CommitAge commitAge,
      KafkaProbe kafka,
      AuditMeters meters) {
    return new Health(streams, sink, generation, lag, commitAge, kafka, meters.deadLetterStats());
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
