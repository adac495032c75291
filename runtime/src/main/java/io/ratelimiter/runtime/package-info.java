/** Access to PostgreSQL, shared by both services. */
@NullMarked
package io.ratelimiter.runtime;

import org.jspecify.annotations.NullMarked;
