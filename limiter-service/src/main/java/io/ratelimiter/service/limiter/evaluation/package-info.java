/** What a key's state means for a check: remaining units, waiting times and the decision. */
@NullMarked
package io.ratelimiter.service.limiter.evaluation;

import org.jspecify.annotations.NullMarked;
