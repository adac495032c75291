package io.ratelimiter.service.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.Counter;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.service.feed.FeedSecond.Latency;
import io.ratelimiter.service.feed.FeedSecond.RuleCount;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SecondCountTests {

  static DecisionEvent event(String client, boolean allowed, long latencyMicros) {
    return event(client, Map.of(), allowed, latencyMicros, List.of());
  }

  private static DecisionEvent event(
      String client,
      Map<String, String> attributes,
      boolean allowed,
      long latencyMicros,
      List<DecisionEvent.Limit> limits) {
    return new DecisionEvent(
        "id",
        new SeriesPosition("one", "epoch", 0, 1),
        "correlation",
        "default",
        client,
        "global",
        attributes,
        1,
        allowed,
        allowed ? "no_rule" : "limit_exceeded",
        null,
        null,
        "redis",
        false,
        null,
        1_000_000,
        latencyMicros,
        limits);
  }

  @Test
  void quantilesAreExact() {
    SecondCount count = new SecondCount();
    LongStream.rangeClosed(1, 200).forEach(i -> count.add(event("a", true, i)));
    assertThat(count.end(7_000).latency()).isEqualTo(new Latency(100, 190, 198));
  }

  @Test
  void theCountsOfASecondBeginAtZero() {
    SecondCount count = new SecondCount();
    count.add(event("a", true, 5));
    count.add(event("a", false, 5));
    count.skip();
    assertThat(count.end(1_000))
        .isEqualTo(
            new FeedSecond(
                1_000,
                1,
                1,
                1,
                0,
                0,
                new Latency(5, 5, 5),
                List.of(new RuleCount("(none)", "(none)", 1, 1))));
    assertThat(count.end(2_000))
        .isEqualTo(new FeedSecond(2_000, 0, 0, 0, 0, 0, new Latency(0, 0, 0), List.of()));
  }

  @Test
  void onlyTheMaxNumberOfDecisionsPerSecondIsParsed() {
    SecondCount count = new SecondCount();
    for (int i = 0; i < DecisionFeed.MAX_PER_SECOND; i++) {
      assertThat(count.full()).isFalse();
      count.add(event("a", true, 1));
    }
    assertThat(count.full()).isTrue();
  }

  @Test
  void aSlowWatchLosesTheOldestDecisionsAndCountsThem() throws Exception {
    try (FeedWatch watch =
        new FeedWatch(event -> !event.allowed(), () -> FeedState.READING, _ -> {})) {
      watch.add(List.of(event("passes", true, 1)));
      for (int i = 0; i < 2_500; i++) {
        watch.add(List.of(event("c" + i, false, 1)));
      }
      FeedWatch.News news = watch.next(Duration.ZERO);
      assertThat(news.missed()).isEqualTo(500);
      assertThat(news.decisions()).hasSize(2_000);
      assertThat(news.decisions().getFirst().clientId()).isEqualTo("c500");
      assertThat(watch.next(Duration.ZERO).decisions()).isEmpty();
    }
  }

  @Test
  void attributesAndCountersArePartOfAWatchsMemory() throws Exception {
    String longValue = "x".repeat(256);
    Counter counter = new Counter(List.of("ip"), List.of(longValue));
    DecisionEvent event =
        event(
            "c",
            Map.of("ip", longValue),
            false,
            1,
            List.of(
                new DecisionEvent.Limit(
                    "r",
                    1,
                    "t",
                    "*",
                    1,
                    "fixed_window",
                    1,
                    null,
                    1,
                    "enforce",
                    false,
                    counter,
                    null)));
    int bytes = 1_100 + 2 * ("default" + "c" + "global" + "r" + "t" + "*").length();
    bytes += 2 * (2 * 80 + 2 * ("ip" + longValue).length());
    try (FeedWatch watch = new FeedWatch(_ -> true, () -> FeedState.READING, _ -> {}, 10 * bytes)) {
      for (int i = 0; i < 11; i++) {
        watch.add(List.of(event));
      }
      assertThat(watch.next(Duration.ZERO).missed()).isEqualTo(1);
    }
  }

  @Test
  void aSlowWatchStaysWithinItsMemoryBound() throws Exception {
    String longId = "x".repeat(256);
    int bytes = 800 + 2 * ("default" + longId + "global").length();
    try (FeedWatch watch =
        new FeedWatch(_ -> true, () -> FeedState.READING, _ -> {}, 100 * bytes)) {
      for (int i = 0; i < 1_000; i++) {
        watch.add(List.of(event(longId, false, 1)));
      }
      FeedWatch.News news = watch.next(Duration.ZERO);
      assertThat(news.decisions()).hasSize(100);
      assertThat(news.missed()).isEqualTo(900);
      watch.add(List.of(event(longId, false, 1)));
      assertThat(watch.next(Duration.ZERO).decisions()).hasSize(1);
    }
  }
}
