package io.ratelimiter.auditor.topology;

/**
 * Counts the topology's work, for metrics. Called by stream threads: must neither block nor throw.
 * The work of an aborted transaction is counted again when it is repeated.
 */
public interface AuditCounts {

  /** A decision was counted. */
  void decision();

  /** A record was received that had been received before. */
  void duplicate();

  /** A decision was counted in the minute of its arrival instead of its own. */
  void late();

  /**
   * A record was sent to the dead-letter topic.
   *
   * @param origin topic, partition and offset of the record
   * @param reason why it was refused, in one line
   */
  void deadLetter(String origin, String reason);

  /** Sequence numbers were found lost. */
  void newlyLost(long numbers);

  /** Sets the number of sequence numbers that are lost in all series of a partition of a topic. */
  void lost(String topic, int partition, long numbers);
}
