package io.ratelimiter.service.decisions;

import io.ratelimiter.service.decisions.series.DropReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state of the decision stream, for health and metrics. */
public interface DecisionsStatus {

  /** The state now. Never blocks. */
  State state();

  /**
   * State of the decision stream.
   *
   * @param kafkaFault why Kafka accepts no decisions: {@code not_configured}, {@code away}, {@code
   *     refused} (name, password, certificate or rights) or {@code wrong_partitions}; null when it
   *     does
   * @param issued decisions and adjustments numbered by this process
   * @param recovered events of earlier processes that were found in the spool
   * @param acked events acknowledged by Kafka, those from the spool included
   * @param dropped events dropped, by reason; every reason is present
   * @param inFlight events being sent to Kafka or written to disk
   * @param openPastEpochs earlier starts on this spool that are not yet closed on their topic
   * @param earlierTopics topics of these starts other than the current one
   * @param spool the events on disk
   * @param producer the Kafka producer
   */
  record State(
      @Nullable String kafkaFault,
      long issued,
      long recovered,
      long acked,
      Map<DropReason, Long> dropped,
      long inFlight,
      int openPastEpochs,
      List<String> earlierTopics,
      Spool spool,
      Producer producer) {

    public boolean kafkaAvailable() {
      return kafkaFault == null;
    }
  }

  /**
   * State of the spool.
   *
   * @param events events on disk
   * @param bytes size of its files, bytes
   * @param limitBytes size from which it accepts no more events, bytes
   * @param oldestAge age of the oldest event; zero without one
   * @param fault why it accepts no events, for messages; null while it does
   */
  record Spool(
      long events, long bytes, long limitBytes, Duration oldestAge, @Nullable String fault) {

    public boolean usable() {
      return fault == null;
    }
  }

  /**
   * Metrics of the Kafka producer since it was created; 0 without one.
   *
   * @param bufferAvailableBytes free part of its buffer, bytes
   * @param recordErrors records that it failed to send
   * @param bufferExhausted records for which its buffer had no room
   */
  record Producer(double bufferAvailableBytes, double recordErrors, double bufferExhausted) {}
}
