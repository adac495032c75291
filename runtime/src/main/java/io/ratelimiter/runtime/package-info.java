/** What both services need to run and neither owns: the way to PostgreSQL. */
@NullMarked
package io.ratelimiter.runtime;

import org.jspecify.annotations.NullMarked;
