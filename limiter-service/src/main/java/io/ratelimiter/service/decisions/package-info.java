/**
 * Tells Kafka every decision without ever making a caller wait; the only place that knows Kafka.
 */
@NullMarked
package io.ratelimiter.service.decisions;

import org.jspecify.annotations.NullMarked;
