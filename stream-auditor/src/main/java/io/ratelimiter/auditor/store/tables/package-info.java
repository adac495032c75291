/** The schema {@code audit}: its migrations, day partitions and upserts. */
@NullMarked
package io.ratelimiter.auditor.store.tables;

import org.jspecify.annotations.NullMarked;
