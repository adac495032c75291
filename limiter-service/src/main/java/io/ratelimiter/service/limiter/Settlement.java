package io.ratelimiter.service.limiter;

/**
 * The effect of a settlement.
 *
 * @param check the check that was settled, with its estimated cost
 * @param cost the real cost, units; of a repeated settlement that of the first one
 * @param adjustment one entry for each limit that the check was charged on, with the rules as they
 *     were then
 */
public record Settlement(Check check, long cost, Adjustment adjustment) {}
