/** A check in headers and status, for reverse proxies. */
@NullMarked
package io.ratelimiter.service.api.authz;

import org.jspecify.annotations.NullMarked;
