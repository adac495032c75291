/** Verifies a run: compares the decisions on the topic with the answers and the limits. */
@NullMarked
package io.ratelimiter.load.verdict;

import org.jspecify.annotations.NullMarked;
