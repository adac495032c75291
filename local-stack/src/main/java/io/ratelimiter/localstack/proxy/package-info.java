/** A TCP proxy that simulates network faults: delay, stall, loss, reset. */
@NullMarked
package io.ratelimiter.localstack.proxy;

import org.jspecify.annotations.NullMarked;
