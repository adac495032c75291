/** Decodes and validates one request on the event loop: head, framing, body. */
@NullMarked
package io.ratelimiter.service.api.eventloop.request;

import org.jspecify.annotations.NullMarked;
