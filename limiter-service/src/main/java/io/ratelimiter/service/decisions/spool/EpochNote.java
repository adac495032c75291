package io.ratelimiter.service.decisions.spool;

/**
 * What is noted of one start of a publisher, so that a later one can close it.
 *
 * @param id the epoch
 * @param instance the publisher
 * @param partitions how many series it has
 * @param published whether any of its numbers may have reached Kafka
 * @param stopped whether it stopped in order, so that its series' notes are its last word
 */
public record EpochNote(
    String id, String instance, int partitions, boolean published, boolean stopped) {}
