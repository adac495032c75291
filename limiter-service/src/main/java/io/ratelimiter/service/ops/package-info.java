/** Operations: validated settings, health, probes, metrics, log limits and warm-up. */
@NullMarked
package io.ratelimiter.service.ops;

import org.jspecify.annotations.NullMarked;
