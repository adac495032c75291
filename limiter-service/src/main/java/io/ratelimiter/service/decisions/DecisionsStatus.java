package io.ratelimiter.service.decisions;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How telling decisions goes, for health and metrics. No method blocks. */
public interface DecisionsStatus {

  /** Whether Kafka takes decisions now. */
  boolean kafkaAvailable();

  /**
   * Why Kafka takes none: {@code not_configured}, {@code away}, {@code refused} (our name,
   * password, certificate or rights) or {@code wrong_partitions}; null when it does.
   */
  @Nullable String kafkaFault();

  /** Decisions and adjustments numbered by this process. */
  long issued();

  /** Found in the spool at start, so issued by an earlier process. */
  long recovered();

  /** Confirmed by Kafka, those from the spool included. */
  long acked();

  /** Given up, by reason; every reason is there. */
  Map<DropReason, Long> dropped();

  /** On their way to Kafka or to disk at this moment. */
  long inFlight();

  /** Waiting on disk. */
  long spooled();

  /** Earlier starts on this spool that the topic has not been told the last word of. */
  int openPastEpochs();

  /** What the spool's files take, bytes. */
  long spoolBytes();

  /** For how long the oldest has been waiting on disk; zero when none is. */
  Duration oldestSpooledAge();

  /** Whether the disk takes what must be spooled. */
  boolean spoolUsable();

  /** Why the spool does not take events, for messages; null while it does. */
  @Nullable String spoolFault();

  /** What is left of the producer's buffer, bytes; 0 while there is no producer. */
  double producerBufferAvailableBytes();

  /** Records that the producer gave up since it was made; 0 while there is no producer. */
  double producerRecordErrors();

  /** Records that found no room in the producer's buffer since it was made. */
  double producerBufferExhausted();

  /** From what size on the spool takes no more events, bytes. */
  long spoolLimitBytes();
}
