package io.ratelimiter.schemas.audit;

/**
 * The auditor's progress on one partition, published after the rows that it covers.
 *
 * @param topic the decisions topic
 * @param partitions partition count of the decisions topic
 * @param appendHighMillis highest append time so far, milliseconds since 1970
 * @param closedBefore first minute (seconds since 1970) whose rows can still change
 * @param wholeFrom first minute (seconds since 1970) whose rows are published; 0 if the audit began
 *     with the topic's first record
 * @param nextOffset offset after the last record that it covers; 0 in records of earlier versions
 */
public record Watermark(
    String topic,
    int partition,
    int generation,
    long revision,
    int partitions,
    long appendHighMillis,
    long closedBefore,
    long wholeFrom,
    long nextOffset)
    implements BlockRateRecord {}
