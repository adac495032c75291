package io.ratelimiter.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.ratelimiter.service.limiter.EvictionStatus;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.Pipelining;
import io.ratelimiter.service.limiter.local.LocalLimiter;
import io.ratelimiter.service.limiter.redis.RedisStore;
import io.ratelimiter.service.limiter.redis.connection.RedisProperties;
import io.ratelimiter.service.limiter.resilience.BanLimiter;
import io.ratelimiter.service.limiter.resilience.BreakerMetrics;
import io.ratelimiter.service.limiter.resilience.CachedBlocksLimiter;
import io.ratelimiter.service.limiter.resilience.CircuitBreakingLimiter;
import io.ratelimiter.service.limiter.resilience.CountedAdjustments;
import io.ratelimiter.service.limiter.resilience.FailModes;
import io.ratelimiter.service.limiter.resilience.LimiterProperties;
import io.ratelimiter.service.limiter.resilience.NoRuleLimiter;
import io.ratelimiter.service.limiter.resilience.StoreBreaker;
import io.ratelimiter.service.limiter.resilience.StoreProbe;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.live.RulesProperties;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Composes the limiter: rate 0 → no rule → cached blocks → circuit breaker → store, with the fail
 * modes as the breaker's fallback.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({LimiterProperties.class, RedisProperties.class})
class LimiterConfiguration {

  private static final Logger log = LoggerFactory.getLogger(LimiterConfiguration.class);

  /**
   * The threads of the check path: each serves a connection to the store and a part of the callers.
   */
  @Bean(destroyMethod = "shutdownGracefully")
  EventLoopGroup eventLoops(LimiterProperties properties) {
    return new MultiThreadIoEventLoopGroup(
        properties.eventLoops(),
        new DefaultThreadFactory("event-loop", true),
        NioIoHandler.newFactory());
  }

  /** What rules depend on: the algorithm of the service, and what the store can count. */
  @Bean
  RuleContext ruleContext(RulesProperties rules, RedisProperties redis) {
    return new RuleContext(rules.inherited(), redis.sharedCounters());
  }

  @Bean
  RedisStore redisStore(RedisProperties properties, MeterRegistry registry, EventLoopGroup loops) {
    return new RedisStore(properties, registry, loops);
  }

  @Bean
  StoreBreaker storeBreaker(RedisStore store, InstantSource clock, MeterRegistry registry) {
    StoreBreaker breaker = new StoreBreaker(store::connected, clock);
    BreakerMetrics.register(breaker, registry);
    return breaker;
  }

  @Bean(initMethod = "start")
  StoreProbe storeProbe(RedisStore store, StoreBreaker breaker) {
    return new StoreProbe(store.limiter(), breaker, store::reconnect);
  }

  @Bean
  Limiter limiter(
      RedisStore store,
      StoreBreaker breaker,
      LimiterProperties properties,
      InstantSource clock,
      CountedAdjustments adjustments) {
    LocalLimiter local = new LocalLimiter(properties.instances(), clock);
    FailModes fallback = new FailModes(properties.failMode(), local, clock);
    Limiter breaking = new CircuitBreakingLimiter(store.limiter(), fallback, breaker);
    Limiter cached = new CachedBlocksLimiter(breaking, System::nanoTime, adjustments);
    Limiter limiter = new BanLimiter(new NoRuleLimiter(cached, clock), clock);
    log.info("Checks are decided by {}", limiter);
    return limiter;
  }

  @Bean
  CountedAdjustments counters(RedisStore store) {
    return new CountedAdjustments(store.counters());
  }

  @Bean
  Pipelining pipelining(RedisStore store, StoreBreaker breaker) {
    return breaker.asOneCall(store.pipelining());
  }

  @Bean
  EvictionStatus evictionStatus(RedisStore store) {
    return store.eviction();
  }
}
