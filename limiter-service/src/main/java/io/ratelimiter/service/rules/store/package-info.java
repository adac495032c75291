/** The rules in PostgreSQL: reading them, changing them, and notifications of changes. */
@NullMarked
package io.ratelimiter.service.rules.store;

import org.jspecify.annotations.NullMarked;
