/**
 * Whether what was measured was right: the decisions on the topic against the answers and the
 * limits.
 */
@NullMarked
package io.ratelimiter.load.verdict;

import org.jspecify.annotations.NullMarked;
