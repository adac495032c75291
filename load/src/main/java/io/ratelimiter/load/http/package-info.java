/** Load on the HTTP check: open and closed loops, and what was measured under them. */
@NullMarked
package io.ratelimiter.load.http;

import org.jspecify.annotations.NullMarked;
