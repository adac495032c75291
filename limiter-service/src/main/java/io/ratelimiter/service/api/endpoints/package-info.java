/** The endpoints that the event loops answer without blocking. */
@NullMarked
package io.ratelimiter.service.api.endpoints;

import org.jspecify.annotations.NullMarked;
