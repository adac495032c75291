/** Real Redis, PostgreSQL and Kafka as child processes that can be killed and paused as in life. */
@NullMarked
package io.ratelimiter.localstack;

import org.jspecify.annotations.NullMarked;
