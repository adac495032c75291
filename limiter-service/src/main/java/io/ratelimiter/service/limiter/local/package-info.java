/** The same algorithms in this process: reference model and fallback. */
@NullMarked
package io.ratelimiter.service.limiter.local;

import org.jspecify.annotations.NullMarked;
