package io.ratelimiter.schemas;

import org.jspecify.annotations.Nullable;

/**
 * The position of an event in its series. Within one (instance, epoch, partition) {@code seq}
 * counts from 1 without gaps.
 *
 * @param instance {@code INSTANCE_ID} of the publisher
 * @param epoch random per start of the publisher
 * @param partition partition of the decisions topic, chosen by the publisher
 * @param seq number in the series, from 1
 * @param region {@code REGION} of the publisher; null without one
 */
public record SeriesPosition(
    String instance, String epoch, int partition, long seq, @Nullable String region) {

  /** A position in a series of a publisher without a region. */
  public SeriesPosition(String instance, String epoch, int partition, long seq) {
    this(instance, epoch, partition, seq, null);
  }
}
