/** What {@code ./run} does: servers, services, their settings and their end. */
@NullMarked
package io.ratelimiter.localstack.run;

import org.jspecify.annotations.NullMarked;
