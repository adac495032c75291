package io.ratelimiter.service.decisions.series;

/**
 * An epoch as the spool stores it, so that a later process can close it.
 *
 * @param partitions number of series
 * @param published whether any of its numbers may have reached Kafka
 * @param stopped whether the process stopped in order, so that the stored counts are final
 */
public record EpochRow(EpochName name, int partitions, boolean published, boolean stopped) {

  public String id() {
    return name.id();
  }

  public String topic() {
    return name.topic();
  }

  /** The same epoch, marked as published. */
  public EpochRow asPublished() {
    return new EpochRow(name, partitions, true, stopped);
  }

  /** The same epoch, as if its process had been killed: its counts are not final. */
  public EpochRow asNotStopped() {
    return new EpochRow(name, partitions, published, false);
  }
}
