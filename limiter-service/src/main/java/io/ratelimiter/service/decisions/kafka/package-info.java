/** Connects to Kafka, tracks its availability, and sends and reads events. */
@NullMarked
package io.ratelimiter.service.decisions.kafka;

import org.jspecify.annotations.NullMarked;
