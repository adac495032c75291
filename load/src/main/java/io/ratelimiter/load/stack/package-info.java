/** The measured servers and services, as child processes. */
@NullMarked
package io.ratelimiter.load.stack;

import org.jspecify.annotations.NullMarked;
