package io.ratelimiter.auditor.topology;

/**
 * Hears what the topology does, for metrics. Called by stream threads; must neither block nor
 * throw. What an aborted transaction did is heard twice.
 */
public interface AuditCounts {

  /** A decision was counted. */
  void decision();

  /** A record came that had come before. */
  void duplicate();

  /** A decision was counted in the minute of its arrival instead of its own. */
  void late();

  /**
   * A record was set aside.
   *
   * @param origin its topic, partition and offset
   * @param reason why it was refused, in one line
   */
  void deadLetter(String origin, String reason);

  /** So many numbers more are lost. */
  void newlyLost(long numbers);

  /** Numbers that are lost on a partition, all told. */
  void lost(int partition, long numbers);
}
