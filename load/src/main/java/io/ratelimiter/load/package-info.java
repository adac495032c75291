/** {@code load/bench}: measures the product from outside and writes a report. */
@NullMarked
package io.ratelimiter.load;

import org.jspecify.annotations.NullMarked;
