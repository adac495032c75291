/** Settings and the availability of Kafka, for every client of this process. */
@NullMarked
package io.ratelimiter.auditor.kafka;

import org.jspecify.annotations.NullMarked;
