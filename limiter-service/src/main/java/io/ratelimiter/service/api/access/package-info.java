/** Decides by a request's head whether it may use the admin plane. */
@NullMarked
package io.ratelimiter.service.api.access;

import org.jspecify.annotations.NullMarked;
