/** Counts decisions per minute: reads the decisions topic, publishes to the topics of results. */
@NullMarked
package io.ratelimiter.auditor.topology;

import org.jspecify.annotations.NullMarked;
