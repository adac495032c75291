package io.ratelimiter.service.decisions.kafka;

import io.ratelimiter.schemas.topics.TopicSpec;
import io.ratelimiter.schemas.topics.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The current decisions topic, and those of earlier starts whose epochs are not closed. The
 * partition counts of the latter are read from Kafka. Thread-safe.
 */
public final class DecisionTopics {

  private static final Logger log = LoggerFactory.getLogger(DecisionTopics.class);

  /** Makes a topic usable. */
  @FunctionalInterface
  public interface Preparation {

    /**
     * Creates the topic if it is missing, and loads what sending to it needs. Blocks for some
     * seconds at most.
     *
     * @return its number of partitions
     */
    int prepare(TopicSpec topic) throws ExecutionException, InterruptedException;
  }

  private final Preparation preparation;
  private final TopicSpec current;
  private final Map<String, TopicSpec> earlier = new ConcurrentHashMap<>();

  /** Partition counts of the earlier ones that accept events. */
  private final Map<String, Integer> accepting = new ConcurrentHashMap<>();

  private final Map<String, String> loggedFaults = new ConcurrentHashMap<>();

  public DecisionTopics(Preparation preparation, TopicSpec current) {
    this.preparation = preparation;
    this.current = current;
  }

  /** The topic of new decisions, with the configured number of partitions. */
  public TopicSpec current() {
    return current;
  }

  /** Names of the earlier topics that are still needed. */
  public List<String> earlier() {
    return earlier.keySet().stream().sorted().toList();
  }

  /**
   * Needs the topic of an earlier epoch.
   *
   * @param partitions of the epoch; a deleted topic is created with the max of its epochs
   */
  public void need(String topic, int partitions) {
    if (!topic.equals(current.name())) {
      earlier.merge(
          topic,
          Topics.decisions(topic, partitions),
          (one, other) -> one.partitions() < other.partitions() ? other : one);
    }
  }

  /** No epoch needs the topic any more. */
  public void release(String topic) {
    earlier.remove(topic);
    accepting.remove(topic);
    loggedFaults.remove(topic);
  }

  /** Number of the topic's partitions; 0 while it is an earlier one that accepts no events. */
  public int partitions(String topic) {
    return topic.equals(current.name()) ? current.partitions() : accepting.getOrDefault(topic, 0);
  }

  /** Sending to the topic failed: an earlier one counts as not accepting until it is checked. */
  public void failed(String topic) {
    accepting.remove(topic);
  }

  /** Checks every earlier topic for a new producer. Blocks for some seconds at most. */
  public void connected() {
    accepting.clear();
    check();
  }

  /** Checks the earlier topics that accept no events. Blocks for some seconds at most. */
  public void check() {
    for (TopicSpec topic : earlier.values()) {
      if (!accepting.containsKey(topic.name())) {
        check(topic);
      }
    }
  }

  private void check(TopicSpec topic) {
    try {
      accepting.put(topic.name(), preparation.prepare(topic));
      log.info("{} accepts the decisions of earlier starts", topic.name());
    } catch (ExecutionException | KafkaException e) {
      Throwable cause = e.getCause();
      unavailable(topic, (cause == null ? e : cause).toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void unavailable(TopicSpec topic, String fault) {
    if (!fault.equals(loggedFaults.put(topic.name(), fault))) {
      log.warn(
          "{} does not accept the decisions of earlier starts, they stay in the spool: {}",
          topic.name(),
          fault);
    }
  }
}
