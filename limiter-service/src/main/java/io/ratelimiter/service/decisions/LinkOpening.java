package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.topics.TopicSpec;
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
import org.jspecify.annotations.Nullable;

/**
 * Tries whether Kafka takes events: makes the topic, holds its partition count against ours, warms
 * the producer's metadata, which {@code send} would not wait for, and has one ledger confirmed.
 */
final class LinkOpening {

  /** Why the link does not open when nothing answers. */
  static final String NO_ANSWER = "it does not answer";

  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final Duration METADATA_LOOK = Duration.ofMillis(20);

  /**
   * What an attempt found.
   *
   * @param producer takes events; null unless the state is UP
   * @param why in words; empty when UP
   */
  record Result(KafkaLink.State state, @Nullable Producer<byte[], byte[]> producer, String why) {}

  private final KafkaClients clients;
  private final Ledger ledger;
  private final Series probe;
  private final Runnable beforePublishing;

  /**
   * @param probe the series whose ledger is told first
   * @param beforePublishing runs before the first event can pass; may block
   */
  LinkOpening(KafkaClients clients, Ledger ledger, Series probe, Runnable beforePublishing) {
    this.clients = clients;
    this.ledger = ledger;
    this.probe = probe;
    this.beforePublishing = beforePublishing;
  }

  /** Makes one attempt; blocks for some seconds at most. */
  Result attempt(TopicSpec topic) throws InterruptedException {
    try {
      int found = clients.partitionsOf(topic);
      return found == topic.partitions() ? warm(topic) : wrongPartitions(topic, found);
    } catch (ExecutionException | TimeoutException e) {
      return away(e);
    } catch (KafkaException e) {
      if (!(e instanceof RetriableException)) {
        clients.discard();
      }
      return away(e);
    }
  }

  /**
   * Gives up a producer that Kafka does not answer: what it holds is told as failed at once, and so
   * reaches the disk, instead of waiting in memory for its own time limit. Kafka may have it
   * nonetheless; then it stands on the topic twice.
   */
  void abandon() {
    clients.discard();
  }

  private Result warm(TopicSpec topic)
      throws InterruptedException, ExecutionException, TimeoutException {
    Producer<byte[], byte[]> producer = clients.producer();
    awaitMetadata(producer, topic);
    beforePublishing.run();
    CompletableFuture<@Nullable Exception> told = ledger.tell(producer, probe, probe.ledger());
    Exception failure = told.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    if (failure instanceof KafkaException fault) {
      throw fault;
    }
    return failure == null ? new Result(KafkaLink.State.UP, producer, "") : away(failure);
  }

  /** With {@code max.block.ms=0} a look asks for the metadata and fails until it has come. */
  private static void awaitMetadata(Producer<byte[], byte[]> producer, TopicSpec topic) {
    long deadline = System.nanoTime() + ANSWER.toNanos();
    while (true) {
      try {
        if (producer.partitionsFor(topic.name()).size() >= topic.partitions()) {
          return;
        }
      } catch (RetriableException e) {
        if (System.nanoTime() - deadline > 0) {
          throw e;
        }
      }
      LockSupport.parkNanos(METADATA_LOOK.toNanos());
    }
  }

  private static Result wrongPartitions(TopicSpec topic, int found) {
    return new Result(
        KafkaLink.State.WRONG_PARTITIONS,
        null,
        "%s has %d partitions, DECISIONS_PARTITIONS is %d"
            .formatted(topic.name(), found, topic.partitions()));
  }

  private static Result away(Exception cause) {
    Throwable inside = cause.getCause();
    Throwable fault = cause instanceof ExecutionException && inside != null ? inside : cause;
    boolean refused =
        fault instanceof AuthenticationException || fault instanceof AuthorizationException;
    KafkaLink.State state = refused ? KafkaLink.State.REFUSED : KafkaLink.State.AWAY;
    return new Result(state, null, inWords(fault));
  }

  /** However many ways there are of not answering, it is one thing to say, once. */
  private static String inWords(Throwable fault) {
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
