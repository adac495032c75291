/** Check, batch and authz on the store's own event loops: request and reply on one thread. */
@NullMarked
package io.ratelimiter.service.api.eventloop;

import org.jspecify.annotations.NullMarked;
