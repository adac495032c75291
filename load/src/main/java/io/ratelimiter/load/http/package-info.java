/** Load on the HTTP check endpoint: open and closed loops and their results. */
@NullMarked
package io.ratelimiter.load.http;

import org.jspecify.annotations.NullMarked;
