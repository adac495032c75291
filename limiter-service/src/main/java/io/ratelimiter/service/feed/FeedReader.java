package io.ratelimiter.service.feed;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.EventReader;
import io.ratelimiter.schemas.UnreadableEventException;
import io.ratelimiter.service.decisions.kafka.KafkaSettings;
import io.ratelimiter.service.decisions.kafka.TopicFollower;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Parses and counts the decisions of the topic and delivers them to the watches. */
final class FeedReader implements TopicFollower.Listener {

  private static final Logger log = LoggerFactory.getLogger(FeedReader.class);
  private static final long SECOND_MILLIS = 1_000;
  private static final int BATCH = 100;

  private final TopicFollower topic;
  private final List<FeedWatch> watches;
  private final EventReader events = new EventReader();
  private final SecondCount count = new SecondCount();
  private final List<DecisionEvent> batch = new ArrayList<>(BATCH);
  private long secondMillis;

  /**
   * A reader that is not started.
   *
   * @param watches used by this reader alone, since it may still deliver after {@link #stop}
   */
  FeedReader(KafkaSettings settings, List<FeedWatch> watches) {
    this.topic = new TopicFollower(settings, this);
    this.watches = watches;
  }

  void start() {
    topic.start();
  }

  /** Never blocks: the reader ends within one poll. */
  void stop() {
    topic.stop();
  }

  FeedState state() {
    return topic.reading() ? FeedState.READING : FeedState.CONNECTING;
  }

  @Override
  public void started() {
    batch.clear();
    secondMillis = now();
  }

  @Override
  public void decision(byte @Nullable [] value) {
    if (count.full()) {
      count.skip();
      return;
    }
    try {
      DecisionEvent event = events.decision(value);
      count.add(event);
      batch.add(event);
    } catch (UnreadableEventException e) {
      log.debug("Not shown; the auditor reports it as a dead letter: {}", e.getMessage());
    }
    if (batch.size() == BATCH) {
      deliver();
    }
  }

  @Override
  public void polled() {
    deliver();
    long now = now();
    if (now > secondMillis) {
      FeedSecond second = count.end(secondMillis);
      secondMillis = now;
      watches.forEach(watch -> watch.add(second));
    }
  }

  private void deliver() {
    if (!batch.isEmpty()) {
      watches.forEach(watch -> watch.add(batch));
      batch.clear();
    }
  }

  private static long now() {
    return System.currentTimeMillis() / SECOND_MILLIS * SECOND_MILLIS;
  }
}
