/** What operators look at: health, probes, metrics. */
@NullMarked
package io.ratelimiter.service.ops;

import org.jspecify.annotations.NullMarked;
