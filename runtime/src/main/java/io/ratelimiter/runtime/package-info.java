/**
 * Code that both services need at run time: access to PostgreSQL, checks of the environment, the
 * log filter, repeated tasks.
 */
@NullMarked
package io.ratelimiter.runtime;

import org.jspecify.annotations.NullMarked;
