package io.ratelimiter.service.api.eventloop;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.ratelimiter.service.api.ApiProperties;
import io.ratelimiter.service.api.BlockingHandler;
import io.ratelimiter.service.api.BodyBudget;
import io.ratelimiter.service.api.Drain;
import io.ratelimiter.service.api.DrainBeforeStop;
import io.ratelimiter.service.api.EndpointList;
import io.ratelimiter.service.api.EndpointList.Entry;
import io.ratelimiter.service.api.RequestMetrics;
import io.ratelimiter.service.api.Routes;
import io.ratelimiter.service.api.access.AdminToken;
import io.ratelimiter.service.api.access.AllowedHosts;
import io.ratelimiter.service.api.access.Guard;
import io.ratelimiter.service.api.authz.AuthzEndpoint;
import io.ratelimiter.service.api.endpoints.BatchEndpoint;
import io.ratelimiter.service.api.endpoints.CheckEndpoint;
import io.ratelimiter.service.api.endpoints.RefundEndpoint;
import io.ratelimiter.service.api.endpoints.ResetEndpoint;
import io.ratelimiter.service.api.endpoints.SettleEndpoint;
import io.ratelimiter.service.api.endpoints.UsageEndpoint;
import io.ratelimiter.service.api.http.ProblemWriter;
import io.ratelimiter.service.check.Adjustments;
import io.ratelimiter.service.check.Checks;
import io.ratelimiter.service.limiter.Pipelining;
import io.ratelimiter.service.rules.ActiveRules;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Composes the front door: its endpoints, its bounds and its ports. */
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
  Guard guard(ApiProperties api, FrontDoorProperties frontDoor, MeterRegistry registry) {
    return new Guard(
        new AdminToken(api.adminToken(), registry, System::nanoTime),
        new AllowedHosts(frontDoor.allowedHosts()),
        frontDoor.publicRead());
  }

  @Bean
  EndpointList endpoints(
      Checks checks,
      Pipelining pipelining,
      Adjustments adjustments,
      ActiveRules rules,
      Guard guard,
      ApiProperties properties,
      ProblemWriter problems) {
    int blockedStatus = properties.blockedStatus();
    return new EndpointList(
        List.of(
            new Entry(
                "check", "/v1/check", true, new CheckEndpoint(checks, blockedStatus, problems)),
            new Entry("batch", "/v1/check/batch", true, new BatchEndpoint(checks, pipelining)),
            new Entry(
                "authz", AuthzEndpoint.PATH, true, new AuthzEndpoint(checks, rules, problems)),
            new Entry("settle", "/v1/settle", true, new SettleEndpoint(adjustments)),
            new Entry("usage", "/v1/usage", false, new UsageEndpoint(checks)),
            new Entry("refund", "/v1/admin/refunds", false, new RefundEndpoint(guard, adjustments)),
            new Entry("reset", "/v1/admin/usage", false, new ResetEndpoint(guard, adjustments))));
  }

  @Bean
  RequestMetrics requestMetrics(MeterRegistry registry, EndpointList endpoints) {
    return new RequestMetrics(registry, endpoints);
  }

  @Bean
  SharedParts sharedParts(
      FrontDoorProperties properties,
      Drain drain,
      RequestMetrics metrics,
      BlockingHandler blocking,
      MeterRegistry registry) {
    return new SharedParts(
        properties, drain, new BodyBudget(), metrics, blocking, new HeldAnswers(registry));
  }

  @Bean
  FrontDoor frontDoor(
      EndpointList endpoints,
      Guard guard,
      ProblemWriter problems,
      SharedParts shared,
      EventLoopGroup loops) {
    return new FrontDoor(
        Routes.ofPort(endpoints, guard, problems),
        Routes.ofCheckPort(endpoints, problems),
        shared,
        loops);
  }
}
