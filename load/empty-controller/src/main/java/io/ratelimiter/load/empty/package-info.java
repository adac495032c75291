/** The reference E of {@code load/bench}: an annotated controller that decides nothing. */
@NullMarked
package io.ratelimiter.load.empty;

import org.jspecify.annotations.NullMarked;
