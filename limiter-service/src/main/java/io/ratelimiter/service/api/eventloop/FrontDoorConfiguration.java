package io.ratelimiter.service.api.eventloop;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.ratelimiter.service.api.AdminToken;
import io.ratelimiter.service.api.AllowedHosts;
import io.ratelimiter.service.api.ApiProperties;
import io.ratelimiter.service.api.AuthzEndpoint;
import io.ratelimiter.service.api.BatchEndpoint;
import io.ratelimiter.service.api.CheckEndpoint;
import io.ratelimiter.service.api.CorrelationIds;
import io.ratelimiter.service.api.Drain;
import io.ratelimiter.service.api.DrainBeforeStop;
import io.ratelimiter.service.api.Guard;
import io.ratelimiter.service.api.HandOver;
import io.ratelimiter.service.api.InFlight;
import io.ratelimiter.service.api.LargeBodies;
import io.ratelimiter.service.api.ProblemWriter;
import io.ratelimiter.service.api.RefundEndpoint;
import io.ratelimiter.service.api.RequestMetrics;
import io.ratelimiter.service.api.ResetEndpoint;
import io.ratelimiter.service.api.UsageEndpoint;
import io.ratelimiter.service.check.Adjustments;
import io.ratelimiter.service.check.Checks;
import io.ratelimiter.service.limiter.Pipelining;
import io.ratelimiter.service.rules.ActiveRules;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Composes the HTTP contract on Netty: what is answered on the event loops, and what is not. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ApiProperties.class, FrontDoorProperties.class})
public class FrontDoorConfiguration {

  @Bean
  ProblemWriter problemWriter() {
    return new ProblemWriter();
  }

  @Bean
  Drain drain() {
    return new Drain();
  }

  @Bean
  DrainBeforeStop drainBeforeStop(Drain drain, ApiProperties properties) {
    return new DrainBeforeStop(drain, properties.drain());
  }

  @Bean
  RequestMetrics requestMetrics(MeterRegistry registry) {
    return new RequestMetrics(registry);
  }

  @Bean
  AdminToken adminToken(ApiProperties properties, MeterRegistry registry) {
    return new AdminToken(properties.adminToken(), registry, System::nanoTime);
  }

  @Bean
  Routes checkRoutes(
      Checks checks,
      Pipelining pipelining,
      ActiveRules rules,
      ApiProperties properties,
      ProblemWriter problems) {
    return Routes.checks(
        new CheckEndpoint(checks, properties.blockedStatus(), problems),
        new BatchEndpoint(checks, pipelining),
        new AuthzEndpoint(checks, rules, problems));
  }

  @Bean
  FrontDoor frontDoor(
      FrontDoorProperties properties,
      Routes checkRoutes,
      Checks checks,
      Adjustments adjustments,
      AdminToken token,
      Sharing sharing,
      EventLoopGroup loops) {
    Guard guard =
        new Guard(token, new AllowedHosts(properties.allowedHosts()), properties.publicRead());
    Routes allRoutes =
        checkRoutes.withEverything(
            new UsageEndpoint(checks),
            new RefundEndpoint(guard, adjustments),
            new ResetEndpoint(guard, adjustments),
            guard);
    return new FrontDoor(properties, allRoutes, checkRoutes, sharing, loops);
  }

  @Bean
  Sharing sharing(
      FrontDoorProperties properties,
      ProblemWriter problems,
      Drain drain,
      RequestMetrics metrics,
      HandOver handOver) {
    return new Sharing(
        new CorrelationIds(),
        problems,
        drain,
        new InFlight(),
        new LargeBodies(),
        metrics,
        new Timeouts(
            properties.headTimeout(),
            properties.bodyTimeout(),
            properties.answerTimeout(),
            properties.progressTimeout(),
            properties.idleTimeout()),
        handOver);
  }
}
