package io.ratelimiter.service.limiter;

/**
 * The effect of a settlement.
 *
 * @param check the check that was settled, with its estimated cost
 * @param cost what it really cost, units; of a repeated settlement the first one's
 * @param adjustment one entry for each limit that the check was charged on, with the rules as they
 *     were then
 */
public record Settlement(Check check, long cost, Adjustment adjustment) {}
