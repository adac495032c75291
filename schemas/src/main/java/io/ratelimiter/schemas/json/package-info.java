/** Writes JSON objects to bytes without reflection. */
@NullMarked
package io.ratelimiter.schemas.json;

import org.jspecify.annotations.NullMarked;
