package io.ratelimiter.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.ratelimiter.service.limiter.BreakerMetrics;
import io.ratelimiter.service.limiter.CachedBlocksLimiter;
import io.ratelimiter.service.limiter.CircuitBreakingLimiter;
import io.ratelimiter.service.limiter.CountedAdjustments;
import io.ratelimiter.service.limiter.EvictionStatus;
import io.ratelimiter.service.limiter.FailModes;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.LimiterProperties;
import io.ratelimiter.service.limiter.NoRuleLimiter;
import io.ratelimiter.service.limiter.Pipelining;
import io.ratelimiter.service.limiter.StoreBreaker;
import io.ratelimiter.service.limiter.StoreProbe;
import io.ratelimiter.service.limiter.local.LocalLimiter;
import io.ratelimiter.service.limiter.redis.RedisProperties;
import io.ratelimiter.service.limiter.redis.RedisStore;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Composes the limiter: no rule → cached blocks → breaker → store, and the fail modes where the
 * store does not answer.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({LimiterProperties.class, RedisProperties.class})
class LimiterConfiguration {

  /**
   * The threads of the check path; each has a connection to the store and a share of the callers.
   */
  @Bean(destroyMethod = "shutdownGracefully")
  EventLoopGroup eventLoops(LimiterProperties properties) {
    return new MultiThreadIoEventLoopGroup(
        properties.eventLoops(),
        new DefaultThreadFactory("event-loop", true),
        NioIoHandler.newFactory());
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
    return new NoRuleLimiter(cached, clock);
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
