package io.ratelimiter.service.decisions.spool;

/**
 * The last counts that are noted of one series, and what waits of it on disk.
 *
 * @param issued numbers given out
 * @param acked confirmed by Kafka
 * @param dropped given up
 * @param neverHanded of the dropped, those that Kafka never got, or refused
 * @param spooled waiting on disk
 */
public record SeriesNote(
    int partition, long issued, long acked, long dropped, long neverHanded, long spooled) {}
