/** From the auditor's topics into PostgreSQL, and what keeps the tables in shape. */
@NullMarked
package io.ratelimiter.auditor.store;

import org.jspecify.annotations.NullMarked;
