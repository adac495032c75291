package io.ratelimiter.service.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.service.feed.DecisionFeed;
import io.ratelimiter.service.feed.FeedSecond;
import io.ratelimiter.service.feed.FeedState;
import io.ratelimiter.service.feed.FeedWatch;
import io.ratelimiter.service.feed.FeedWatch.News;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@LocalStack
class DecisionFeedIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path one;
  @TempDir Path other;

  @Test
  void aWatchSeesEveryInstanceAndWithoutAWatchNothingIsRead(PrivateServers servers)
      throws Exception {
    KafkaServer kafka = servers.kafka();
    StreamFixture fixture = StreamFixture.on(kafka.bootstrapServers(), "node-1", one);
    DecisionStream first = fixture.start();
    DecisionStream second = StreamFixture.on(kafka.bootstrapServers(), "node-2", other).start();
    await()
        .atMost(LIMIT)
        .until(() -> first.state().kafkaAvailable() && second.state().kafkaAvailable());
    try (DecisionFeed feed = feed(fixture)) {
      FeedWatch all = feed.watch(_ -> true).orElseThrow();
      FeedWatch blocked = feed.watch(event -> !event.allowed()).orElseThrow();
      await().atMost(LIMIT).until(() -> all.next(Duration.ZERO).state() == FeedState.READING);
      for (int i = 0; i < 50; i++) {
        first.publisher().publish(Samples.allowed("client-" + i));
        second.publisher().publish(Samples.blocked("client-" + i));
      }

      News seen = seen(all, 100);
      assertThat(instances(seen)).containsExactly("node-1", "node-2");
      assertThat(seen.seconds().stream().mapToLong(FeedSecond::allowed).sum()).isEqualTo(50);
      assertThat(seen.seconds().stream().mapToLong(FeedSecond::blocked).sum()).isEqualTo(50);
      assertThat(instances(seen(blocked, 50))).containsExactly("node-2");

      all.close();
      assertThat(readers()).isEqualTo(1);
      blocked.close();
      await().atMost(LIMIT).until(() -> readers() == 0);
    }
    first.stop();
    second.stop();
  }

  @Test
  void aStoppedReaderDoesNotChangeTheStateOfALaterWatch(PrivateServers servers) throws Exception {
    StreamFixture fixture = StreamFixture.on(servers.kafka().bootstrapServers(), "node-5", one);
    DecisionStream stream = fixture.start();
    await().atMost(LIMIT).until(() -> stream.state().kafkaAvailable());
    try (DecisionFeed feed = feed(fixture)) {
      FeedWatch watch = feed.watch(_ -> true).orElseThrow();
      for (int round = 0; round < 10; round++) {
        await().atMost(LIMIT).until(reading(watch));
        watch.close();
        watch = feed.watch(_ -> true).orElseThrow();
        await().atMost(LIMIT).until(reading(watch));
        await().atMost(LIMIT).until(() -> readers() == 1);
        assertThat(watch.next(Duration.ZERO).state()).isEqualTo(FeedState.READING);
      }
    }
    stream.stop();
  }

  private static Callable<Boolean> reading(FeedWatch watch) {
    return () -> watch.next(Duration.ZERO).state() == FeedState.READING;
  }

  @Test
  @Tag("full")
  void itReportsThatKafkaIsUnavailableAndContinuesWhenItIsBack(PrivateServers servers)
      throws Exception {
    KafkaServer kafka = servers.kafka();
    StreamFixture fixture = StreamFixture.on(kafka.bootstrapServers(), "node-3", one);
    DecisionStream stream = fixture.start();
    await().atMost(LIMIT).until(() -> stream.state().kafkaAvailable());
    try (DecisionFeed feed = feed(fixture);
        FeedWatch watch = feed.watch(_ -> true).orElseThrow()) {
      await().atMost(LIMIT).until(() -> watch.next(Duration.ZERO).state() == FeedState.READING);

      kafka.kill();
      await().atMost(LIMIT).until(() -> watch.next(Duration.ZERO).state() == FeedState.CONNECTING);

      kafka.start();
      await().atMost(LIMIT).until(() -> watch.next(Duration.ZERO).state() == FeedState.READING);
      await().atMost(LIMIT).until(() -> stream.state().kafkaAvailable());
      stream.publisher().publish(Samples.allowed("again"));
      assertThat(seen(watch, 1).decisions().getFirst().clientId()).isEqualTo("again");
    }
    stream.stop();
  }

  @Test
  void aWatchThatBeginsAfterTheLastOneEndedGetsNothingFromTheStoppedReader(PrivateServers servers)
      throws Exception {
    StreamFixture fixture = StreamFixture.on(servers.kafka().bootstrapServers(), "node-5", one);
    DecisionStream stream = fixture.start();
    await().atMost(LIMIT).until(() -> stream.state().kafkaAvailable());
    try (DecisionFeed feed = feed(fixture)) {
      for (int i = 0; i < 10; i++) {
        try (FeedWatch left = feed.watch(_ -> true).orElseThrow()) {
          await().atMost(LIMIT).until(() -> left.next(Duration.ZERO).state() == FeedState.READING);
        }
        try (FeedWatch next = feed.watch(_ -> true).orElseThrow()) {
          stream.publisher().publish(Samples.allowed("client-" + i));
          News news = next.next(Duration.ofSeconds(1));
          boolean nothing = news.decisions().isEmpty() && news.seconds().isEmpty();
          assertThat(news.state() == FeedState.READING || nothing).as("%s", news).isTrue();
          await().atMost(LIMIT).until(() -> next.next(Duration.ZERO).state() == FeedState.READING);
        }
      }
    }
    stream.stop();
  }

  @Test
  void theNumberOfWatchesIsBounded() {
    try (DecisionFeed feed = feed(StreamFixture.on("", "node-4", one))) {
      List<FeedWatch> watches = new ArrayList<>();
      for (int i = 0; i < DecisionFeed.MAX_WATCHES; i++) {
        watches.add(feed.watch(_ -> true).orElseThrow());
      }
      assertThat(feed.watch(_ -> true)).isEmpty();
      watches.getFirst().close();
      assertThat(feed.watch(_ -> true)).isPresent();
    }
  }

  private static DecisionFeed feed(StreamFixture fixture) {
    return new DecisionFeed(fixture.kafkaSettings());
  }

  /** Everything until this many decisions are delivered and counted. */
  private static News seen(FeedWatch watch, int decisions) throws InterruptedException {
    News all = new News(FeedState.READING, List.of(), 0, List.of());
    long end = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < end
        && (all.decisions().size() < decisions || counted(all) < decisions)) {
      News news = watch.next(Duration.ofSeconds(1));
      all =
          new News(
              news.state(),
              joined(all.decisions(), news.decisions()),
              all.missed() + news.missed(),
              joined(all.seconds(), news.seconds()));
    }
    assertThat(all.decisions()).hasSize(decisions);
    return all;
  }

  private static long counted(News news) {
    return news.seconds().stream().mapToLong(second -> second.allowed() + second.blocked()).sum();
  }

  private static <T> List<T> joined(List<T> some, List<T> more) {
    List<T> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }

  private static TreeSet<String> instances(News news) {
    TreeSet<String> names = new TreeSet<>();
    news.decisions().forEach(event -> names.add(event.position().instance()));
    return names;
  }

  private static long readers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("decisions-feed"))
        .count();
  }
}
