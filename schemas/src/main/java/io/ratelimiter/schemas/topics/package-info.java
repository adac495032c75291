/** Names and settings of the topics, their creation, and dead letters. */
@NullMarked
package io.ratelimiter.schemas.topics;

import org.jspecify.annotations.NullMarked;
