/**
 * Answers a request independently of any server: routing, exchange, drain, and the bounds on load.
 */
@NullMarked
package io.ratelimiter.service.api;

import org.jspecify.annotations.NullMarked;
