/** Judges a run by its event log alone: bounds that no run may leave, and the model as witness. */
@NullMarked
package io.ratelimiter.service.limiter.proof;

import org.jspecify.annotations.NullMarked;
