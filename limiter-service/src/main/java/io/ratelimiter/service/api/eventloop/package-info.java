/** The front door: accepts connections and answers them on the event loops, with Netty. */
@NullMarked
package io.ratelimiter.service.api.eventloop;

import org.jspecify.annotations.NullMarked;
