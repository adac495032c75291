/** The rule set in force: where it is read, how it is replaced, and its state. */
@NullMarked
package io.ratelimiter.service.rules.live;

import org.jspecify.annotations.NullMarked;
