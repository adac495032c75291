/** Load on the HTTP check that does not wait for answers, and what was measured under it. */
@NullMarked
package io.ratelimiter.endtoend.load;

import org.jspecify.annotations.NullMarked;
