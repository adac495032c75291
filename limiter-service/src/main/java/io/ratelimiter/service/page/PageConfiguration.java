package io.ratelimiter.service.page;

import io.ratelimiter.service.analytics.AuditTables;
import io.ratelimiter.service.api.Drain;
import io.ratelimiter.service.decisions.DecisionsProperties;
import io.ratelimiter.service.decisions.DecisionsStatus;
import io.ratelimiter.service.feed.DecisionFeed;
import io.ratelimiter.service.limiter.EvictionStatus;
import io.ratelimiter.service.limiter.resilience.BreakerStatus;
import io.ratelimiter.service.limiter.resilience.LimiterProperties;
import io.ratelimiter.service.rules.live.LiveRules;
import io.ratelimiter.service.rules.store.InstanceBoard;
import java.io.IOException;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Composes the web page and the API's documentation. */
@Configuration(proxyBeanMethods = false)
public class PageConfiguration {

  @Bean
  PageController pageController() throws IOException {
    return new PageController();
  }

  @Bean
  DocsController docsController() throws IOException {
    return new DocsController();
  }

  @Bean
  ConsoleJson consoleJson() {
    return new ConsoleJson();
  }

  @Bean
  ComparisonController comparisonController(ConsoleJson json) {
    return new ComparisonController(json);
  }

  @Bean
  AnalyticsController analyticsController(ObjectProvider<AuditTables> tables, ConsoleJson json) {
    return new AnalyticsController(tables.getIfAvailable(), json);
  }

  @Bean
  LiveController liveController(DecisionFeed feed, Drain drain, ConsoleJson json) {
    return new LiveController(feed, drain, json);
  }

  @Bean
  StatusController.Sources statusSources(
      @Value("${spring.application.name}") String service,
      DecisionsProperties settings,
      LimiterProperties limiter,
      BreakerStatus breaker,
      EvictionStatus eviction,
      LiveRules rules,
      DecisionsStatus decisions,
      ObjectProvider<InstanceBoard> board,
      InstantSource clock) {
    return new StatusController.Sources(
        service,
        settings,
        limiter,
        breaker,
        eviction,
        rules,
        decisions,
        board.getIfAvailable(),
        clock);
  }

  @Bean
  StatusController statusController(StatusController.Sources sources, ConsoleJson json) {
    return new StatusController(sources, json);
  }

  @Bean
  @ConditionalOnExpression("!'${rules.database-url:}'.isEmpty()")
  InstanceNotes instanceNotes(InstanceBoard board, DecisionsProperties settings) {
    return new InstanceNotes(board, settings.instance());
  }
}
