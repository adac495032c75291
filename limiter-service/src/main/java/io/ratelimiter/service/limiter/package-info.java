/** Checks, decisions and adjustments, and the interfaces that every limiter implements. */
@NullMarked
package io.ratelimiter.service.limiter;

import org.jspecify.annotations.NullMarked;
