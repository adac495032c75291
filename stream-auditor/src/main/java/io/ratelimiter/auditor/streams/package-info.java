/** The lifecycle of the Kafka Streams application and its settings. */
@NullMarked
package io.ratelimiter.auditor.streams;

import org.jspecify.annotations.NullMarked;
