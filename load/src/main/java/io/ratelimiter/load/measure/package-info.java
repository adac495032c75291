/** The measures of {@code load/bench}, one class each. */
@NullMarked
package io.ratelimiter.load.measure;

import org.jspecify.annotations.NullMarked;
