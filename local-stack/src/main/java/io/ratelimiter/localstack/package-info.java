/** Real Redis, PostgreSQL and Kafka servers as child processes that can be killed and paused. */
@NullMarked
package io.ratelimiter.localstack;

import org.jspecify.annotations.NullMarked;
