package io.ratelimiter.schemas;

/**
 * How far the auditor has come in one partition; told after every row that it covers.
 *
 * @param partitions how many the decisions topic has
 * @param appendHighMillis highest append time seen, milliseconds since 1970
 * @param closedBefore no row of a minute before this one (seconds since 1970) can change any more
 * @param wholeFrom no row of a minute before this one (seconds since 1970) is told; 0 where the run
 *     began with the topic's first record
 */
public record Watermark(
    int partition,
    int generation,
    long revision,
    int partitions,
    long appendHighMillis,
    long closedBefore,
    long wholeFrom)
    implements BlockRateRecord {}
