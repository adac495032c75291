/** Writes the topics of the auditor to PostgreSQL and reports whether it can. */
@NullMarked
package io.ratelimiter.auditor.store;

import org.jspecify.annotations.NullMarked;
