package io.ratelimiter.service.ops;

import ch.qos.logback.classic.LoggerContext;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ratelimiter.runtime.RepeatFilter;
import io.ratelimiter.service.api.Drain;
import io.ratelimiter.service.decisions.DecisionsStatus;
import io.ratelimiter.service.limiter.EvictionStatus;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.resilience.BreakerStatus;
import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.live.LiveRules;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Composes the endpoints for operators and orchestrators, and the meters of the process. */
@Configuration(proxyBeanMethods = false)
public class OpsConfiguration {

  /** Metrics of Micrometer that {@code promtool check metrics} rejects. */
  private static final Pattern MISNAMED =
      Pattern.compile("tomcat\\.sessions\\..*|process\\.cpu\\.time|system\\.cpu\\.count");

  private static final String SUPPRESSED = "ratelimiter.log.lines.suppressed";

  @Bean
  PrometheusMeterRegistry meterRegistry() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.config().meterFilter(MeterFilter.deny(id -> MISNAMED.matcher(id.getName()).matches()));
    List.of(
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new ClassLoaderMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics())
        .forEach(metrics -> metrics.bindTo(registry));
    return registry;
  }

  @Bean(destroyMethod = "close")
  JvmGcMetrics jvmGcMetrics() {
    return new JvmGcMetrics();
  }

  /** Binds the meters of all features once all beans exist. */
  @Bean
  SmartInitializingSingleton meterBinding(
      MeterRegistry registry, ObjectProvider<MeterBinder> binders) {
    return () -> binders.orderedStream().forEach(binder -> binder.bindTo(registry));
  }

  /** Created before all other beans, so that it also limits their log lines. */
  @Bean(destroyMethod = "stop")
  static RepeatFilter repeatFilter() {
    return RepeatFilter.installOn((LoggerContext) LoggerFactory.getILoggerFactory());
  }

  @Bean
  FunctionCounter suppressedLines(MeterRegistry registry, RepeatFilter filter) {
    return FunctionCounter.builder(SUPPRESSED, filter, RepeatFilter::suppressed)
        .description("Warnings and errors suppressed because too many of their kind were logged")
        .register(registry);
  }

  @Bean
  MetricsController metricsController(PrometheusMeterRegistry registry) {
    return new MetricsController(registry);
  }

  @Bean
  WarmUp warmUp(ActiveRules rules, Limiter limiter, BreakerStatus breaker, InstantSource clock) {
    return new WarmUp(rules, limiter, breaker, clock);
  }

  @Bean
  ProbesController probesController(WarmUp warmUp, Drain drain) {
    return new ProbesController(warmUp, drain);
  }

  @Bean
  HealthController healthController(
      @Value("${spring.application.name}") String service,
      BreakerStatus breaker,
      EvictionStatus eviction,
      LiveRules rules,
      DecisionsStatus decisions) {
    return new HealthController(service, breaker, eviction, rules, decisions);
  }
}
