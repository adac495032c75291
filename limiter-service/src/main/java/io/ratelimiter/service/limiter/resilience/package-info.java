/** The decorators around the store: no rule, cached blocks, circuit breaker and fail modes. */
@NullMarked
package io.ratelimiter.service.limiter.resilience;

import org.jspecify.annotations.NullMarked;
