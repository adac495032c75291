/** Reads checks from JSON and queries, and writes decisions as JSON and headers. */
@NullMarked
package io.ratelimiter.service.api.codec;

import org.jspecify.annotations.NullMarked;
