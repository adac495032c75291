package io.ratelimiter.service.api.eventloop;

import io.netty.channel.EventLoopGroup;
import io.ratelimiter.service.api.ApiProperties;
import io.ratelimiter.service.api.AuthzEndpoint;
import io.ratelimiter.service.api.BatchEndpoint;
import io.ratelimiter.service.api.CheckEndpoint;
import io.ratelimiter.service.api.CorrelationIds;
import io.ratelimiter.service.api.Drain;
import io.ratelimiter.service.api.InFlight;
import io.ratelimiter.service.api.LargeBodies;
import io.ratelimiter.service.api.ProblemWriter;
import io.ratelimiter.service.api.RequestMetrics;
import io.ratelimiter.service.check.Checks;
import io.ratelimiter.service.limiter.Pipelining;
import io.ratelimiter.service.rules.ActiveRules;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Composes the check path of the HTTP contract on Netty. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EventLoopProperties.class)
public class EventLoopConfiguration {

  @Bean
  Routes eventLoopRoutes(
      Checks checks,
      Pipelining pipelining,
      ActiveRules rules,
      ApiProperties properties,
      ProblemWriter problems) {
    return new Routes(
        new CheckEndpoint(checks, properties.blockedStatus(), problems),
        new BatchEndpoint(checks, pipelining),
        new AuthzEndpoint(checks, rules, problems));
  }

  @Bean
  EventLoopEdge eventLoopEdge(
      EventLoopProperties properties,
      ApiProperties api,
      Routes routes,
      ProblemWriter problems,
      Drain drain,
      InFlight inFlight,
      LargeBodies largeBodies,
      RequestMetrics metrics,
      EventLoopGroup loops) {
    Sharing sharing =
        new Sharing(
            routes,
            new CorrelationIds(),
            problems,
            drain,
            inFlight,
            largeBodies,
            metrics,
            new Timeouts(
                properties.headTimeout(), api.exchangeTimeout(), properties.idleTimeout()));
    return new EventLoopEdge(properties, sharing, loops);
  }
}
