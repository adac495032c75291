/** The servers and services that are measured, as child processes of this machine. */
@NullMarked
package io.ratelimiter.load.stack;

import org.jspecify.annotations.NullMarked;
