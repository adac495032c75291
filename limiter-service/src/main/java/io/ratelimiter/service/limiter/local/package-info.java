/** The store's algorithms in this process: the fallback of fail mode local, and a reference. */
@NullMarked
package io.ratelimiter.service.limiter.local;

import org.jspecify.annotations.NullMarked;
