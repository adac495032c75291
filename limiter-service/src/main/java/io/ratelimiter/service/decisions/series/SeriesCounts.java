package io.ratelimiter.service.decisions.series;

/**
 * Counts of one series, as the spool stores them.
 *
 * @param issued numbers issued
 * @param acked events acknowledged by Kafka
 * @param dropped events dropped
 * @param neverSent dropped events that Kafka never received or refused
 * @param spooled events on disk
 */
public record SeriesCounts(
    int partition, long issued, long acked, long dropped, long neverSent, long spooled) {}
