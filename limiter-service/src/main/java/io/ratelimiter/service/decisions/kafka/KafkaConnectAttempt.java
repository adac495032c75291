package io.ratelimiter.service.decisions.kafka;

import io.ratelimiter.schemas.topics.TopicSpec;
import io.ratelimiter.service.decisions.series.IssuedSeries;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether Kafka accepts events: creates the topic, compares its number of partitions with
 * the configured one, loads the producer's metadata, for which {@code send} does not wait, and
 * publishes one ledger.
 */
public final class KafkaConnectAttempt {

  /** The reason when Kafka does not answer. */
  static final String NO_ANSWER = "it does not answer";

  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final Duration METADATA_PAUSE = Duration.ofMillis(20);

  /**
   * The outcome of an attempt.
   *
   * @param sender null unless the state is UP
   * @param reason why Kafka accepts no events; empty when UP
   */
  record Result(KafkaAvailability.State state, @Nullable EventSender sender, String reason) {}

  private final KafkaClients clients;
  private final LedgerPublisher ledgers;
  private final IssuedSeries probe;
  private final Runnable beforePublishing;

  /**
   * @param probe the series whose ledger is published first
   * @param beforePublishing called before the first event can be sent; may block
   */
  public KafkaConnectAttempt(
      KafkaClients clients,
      LedgerPublisher ledgers,
      IssuedSeries probe,
      Runnable beforePublishing) {
    this.clients = clients;
    this.ledgers = ledgers;
    this.probe = probe;
    this.beforePublishing = beforePublishing;
  }

  /** Makes one attempt. Blocks for some seconds at most. */
  Result run(TopicSpec topic) throws InterruptedException {
    try {
      int found = clients.partitionsOf(topic);
      return found == topic.partitions() ? publishProbe(topic) : wrongPartitions(topic, found);
    } catch (ExecutionException | TimeoutException e) {
      return unavailable(e);
    } catch (KafkaException e) {
      if (!(e instanceof RetriableException)) {
        clients.discard();
      }
      return unavailable(e);
    }
  }

  private Result publishProbe(TopicSpec topic)
      throws InterruptedException, ExecutionException, TimeoutException {
    EventSender sender = clients.sender();
    awaitMetadata(sender.producer(), topic.name(), topic.partitions());
    beforePublishing.run();
    CompletableFuture<@Nullable Exception> published =
        ledgers.publish(sender, probe, probe.ledger());
    Exception failure = published.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    if (failure instanceof KafkaException fault) {
      throw fault;
    }
    return failure == null
        ? new Result(KafkaAvailability.State.UP, sender, "")
        : unavailable(failure);
  }

  /**
   * With {@code max.block.ms=0} a call requests the metadata and fails until it is there. The
   * producer keeps that of a topic for minutes, also after the topic has got more partitions.
   *
   * @throws RetriableException when not all partitions are known within the time limit
   */
  static void awaitMetadata(Producer<byte[], byte[]> producer, String topic, int partitions) {
    long deadline = System.nanoTime() + ANSWER.toNanos();
    while (true) {
      try {
        if (producer.partitionsFor(topic).size() < partitions) {
          throw new UnknownTopicOrPartitionException("not all partitions are known yet");
        }
        return;
      } catch (RetriableException e) {
        if (System.nanoTime() - deadline > 0) {
          throw e;
        }
      }
      LockSupport.parkNanos(METADATA_PAUSE.toNanos());
    }
  }

  private static Result wrongPartitions(TopicSpec topic, int found) {
    return new Result(
        KafkaAvailability.State.WRONG_PARTITIONS,
        null,
        "%s has %d partitions, DECISIONS_PARTITIONS is %d"
            .formatted(topic.name(), found, topic.partitions()));
  }

  private static Result unavailable(Exception cause) {
    Throwable inside = cause.getCause();
    Throwable fault = cause instanceof ExecutionException && inside != null ? inside : cause;
    boolean refused =
        fault instanceof AuthenticationException || fault instanceof AuthorizationException;
    KafkaAvailability.State state =
        refused ? KafkaAvailability.State.REFUSED : KafkaAvailability.State.AWAY;
    return new Result(state, null, reason(fault));
  }

  /** One text for all faults without an answer, so that the log shows them once. */
  private static String reason(Throwable fault) {
    if (fault instanceof RetriableException || fault instanceof TimeoutException) {
      return NO_ANSWER;
    }
    Throwable root = fault;
    for (Throwable next = fault; next != null; next = next.getCause()) {
      root = next;
    }
    return fault.getCause() == null ? fault.toString() : fault + " (" + root + ")";
  }
}
