/** Keeps events on disk while Kafka does not take them: one SQLite file in one locked folder. */
@NullMarked
package io.ratelimiter.service.decisions.spool;

import org.jspecify.annotations.NullMarked;
