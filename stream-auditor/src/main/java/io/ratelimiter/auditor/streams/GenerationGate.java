package io.ratelimiter.auditor.streams;

import io.ratelimiter.auditor.store.Generation;
import io.ratelimiter.auditor.store.Generation.State;
import java.time.Duration;
import org.apache.kafka.streams.KafkaStreams;

/** Whether the streams application may run, which depends on the generation that is shown. */
record GenerationGate(Generation generation) {

  /** Max wait for the tables: the audit does not depend on the database. */
  private static final Duration TABLES_LIMIT = Duration.ofSeconds(10);

  /** Whether a higher generation is shown, so that this one has nothing to do. */
  boolean isReplaced() {
    return generation.state() == State.REPLACED;
  }

  /**
   * Whether the audit may not start: it would create the groups and topics of a replaced generation
   * again.
   *
   * @param waitedNanos time since the start was first possible
   */
  boolean isShut(long waitedNanos) {
    return isReplaced()
        || (generation.state() == State.UNKNOWN && waitedNanos < TABLES_LIMIT.toNanos());
  }

  /** Pauses for as long as a higher generation is about to catch up. Does not block. */
  void pauseWhileYielding(KafkaStreams running) {
    boolean yields = generation.state() == State.YIELDING;
    if (yields && !running.isPaused()) {
      running.pause();
    } else if (!yields && running.isPaused()) {
      running.resume();
    }
  }
}
