/**
 * The decision: what a limiter promises, what a decision holds, and the decorators around the
 * store.
 */
@NullMarked
package io.ratelimiter.service.limiter;

import org.jspecify.annotations.NullMarked;
