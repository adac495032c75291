package io.ratelimiter.schemas.topics;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The topics of the product and their settings, with which both services create them. */
public final class Topics {

  /**
   * Default name of the decisions topic: decisions and adjustments by {@code tenant/client_id},
   * ledgers by {@code ~ledger/instance}.
   */
  public static final String DECISIONS = "ratelimiter.decisions.v1";

  /** The auditor's aggregates so far: absolute values per minute and dimensions. */
  public static final String BLOCK_RATES = "ratelimiter.block-rates.v1";

  /** The auditor's report of each (instance, epoch, partition). */
  public static final String COMPLETENESS = "ratelimiter.completeness.v1";

  /** Records of the other topics that could not be counted or written: {@link DeadLetter}. */
  public static final String DEAD_LETTERS = "ratelimiter.decisions.v1.dlq";

  /** Kafka's rule for names; {@code .} and {@code ..} are none. */
  private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");

  private static final Set<String> OTHERS = Set.of(BLOCK_RATES, COMPLETENESS, DEAD_LETTERS);

  private static final long DAY_MILLIS = 24L * 60 * 60 * 1000;

  private Topics() {}

  /**
   * Whether decisions can be published to a topic of this name: it is a valid name for Kafka, and
   * not that of another topic of the product.
   */
  public static boolean canHaveDecisions(String name) {
    return NAME.matcher(name).matches() && !OTHERS.contains(name);
  }

  /** The decisions topic of the default name. */
  public static TopicSpec decisions(int partitions) {
    return decisions(DECISIONS, partitions);
  }

  /**
   * The decisions topic. A record's time is the broker's append time, so that lateness does not
   * depend on the publishers' clocks; the event's time is part of the value.
   *
   * @param partitions fixed for a topic, {@code DECISIONS_PARTITIONS}
   */
  public static TopicSpec decisions(String name, int partitions) {
    return new TopicSpec(
        name,
        partitions,
        Map.of(
            "message.timestamp.type", "LogAppendTime",
            "retention.ms", millis(7),
            "compression.type", "producer",
            "max.message.bytes", "1048576"));
  }

  /** The aggregates topic; created with as many partitions as the decisions topic. */
  public static TopicSpec blockRates(int partitions) {
    return new TopicSpec(
        BLOCK_RATES,
        partitions,
        Map.of(
            "cleanup.policy", "compact,delete",
            "retention.ms", millis(3),
            "compression.type", "lz4"));
  }

  /** The completeness topic; created with as many partitions as the decisions topic. */
  public static TopicSpec completeness(int partitions) {
    return new TopicSpec(
        COMPLETENESS, partitions, Map.of("cleanup.policy", "compact", "compression.type", "lz4"));
  }

  /**
   * The dead-letter topic; records keep their key. Headers with the reason are added to a record,
   * so the max size is larger than on the decisions topic.
   */
  public static TopicSpec deadLetters(int partitions) {
    return new TopicSpec(
        DEAD_LETTERS,
        partitions,
        Map.of(
            "retention.ms", millis(30), "max.message.bytes", String.valueOf(DeadLetter.MAX_BYTES)));
  }

  private static String millis(int days) {
    return Long.toString(days * DAY_MILLIS);
  }
}
