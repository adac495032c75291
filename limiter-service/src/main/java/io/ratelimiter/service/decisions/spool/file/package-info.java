/** The spool on disk: one SQLite file in one locked folder, readable after a crash or damage. */
@NullMarked
package io.ratelimiter.service.decisions.spool.file;

import org.jspecify.annotations.NullMarked;
