/** Judges a run by its events: bounds that no run may exceed, and a replay through the model. */
@NullMarked
package io.ratelimiter.service.limiter.proof;

import org.jspecify.annotations.NullMarked;
