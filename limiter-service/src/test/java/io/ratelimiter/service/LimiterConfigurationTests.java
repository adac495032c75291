package io.ratelimiter.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.redis.RedisStore;
import io.ratelimiter.service.limiter.redis.connection.RedisProperties;
import io.ratelimiter.service.limiter.resilience.CountedAdjustments;
import io.ratelimiter.service.limiter.resilience.LimiterProperties;
import io.ratelimiter.service.limiter.resilience.StoreBreaker;
import io.ratelimiter.service.rules.FailMode;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LimiterConfigurationTests {

  private final LimiterConfiguration configuration = new LimiterConfiguration();

  @Test
  void oneLogLineHasTheChainOfLimiters() {
    Logger logger = (Logger) LoggerFactory.getLogger(LimiterConfiguration.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    LimiterProperties properties = new LimiterProperties(FailMode.OPEN, 2, 1);
    EventLoopGroup loops = configuration.eventLoops(properties);
    RedisStore store =
        new RedisStore(
            new RedisProperties("", "localhost", 1, 0, Duration.ofMillis(50), Placement.CLIENT),
            new SimpleMeterRegistry(),
            loops);
    try {
      configuration.limiter(
          store,
          new StoreBreaker(store::connected, Clock.systemUTC()),
          properties,
          Clock.systemUTC(),
          new CountedAdjustments(store.counters()));
      assertThat(lines.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .containsExactly(
              "Checks are decided by BanLimiter"
                  + " -> NoRuleLimiter"
                  + " -> CachedBlocksLimiter(max age 1000 ms)"
                  + " -> CircuitBreakingLimiter(5 consecutive failures open it for 60 s,"
                  + " fallback: FailModes(default open, local: LocalLimiter(1/2 of each limit)))"
                  + " -> RedisLimiter");
    } finally {
      logger.detachAppender(lines);
      store.stop();
      loops.shutdownGracefully();
    }
  }
}
