/** How PostgreSQL is reached: its address and pools of connections, for whoever reads a schema. */
@NullMarked
package io.ratelimiter.service.database;

import org.jspecify.annotations.NullMarked;
