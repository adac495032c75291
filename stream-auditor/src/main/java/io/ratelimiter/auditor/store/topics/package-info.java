/** The decisions topics: their ends, and up to when the tables have their records. */
@NullMarked
package io.ratelimiter.auditor.store.topics;

import org.jspecify.annotations.NullMarked;
