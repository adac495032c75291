/** {@code load/bench}: measures the product over its interfaces and writes a report. */
@NullMarked
package io.ratelimiter.load;

import org.jspecify.annotations.NullMarked;
