/** What both services share: access to PostgreSQL, the check of ports, repeated tasks. */
@NullMarked
package io.ratelimiter.runtime;

import org.jspecify.annotations.NullMarked;
