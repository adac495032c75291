/**
 * Publishes every decision to Kafka without making a caller wait. {@code decisions.series} numbers
 * the events, {@code decisions.kafka} sends them, {@code decisions.spool} keeps them while Kafka is
 * unavailable.
 */
@NullMarked
package io.ratelimiter.service.decisions;

import org.jspecify.annotations.NullMarked;
