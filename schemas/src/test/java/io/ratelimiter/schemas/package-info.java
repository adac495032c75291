/** Tests of the contracts, and what other modules' tests need to hold records against them. */
@NullMarked
package io.ratelimiter.schemas;

import org.jspecify.annotations.NullMarked;
