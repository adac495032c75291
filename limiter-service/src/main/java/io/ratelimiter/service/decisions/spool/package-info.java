/** Keeps events on disk while Kafka does not accept them, and sends them once it does. */
@NullMarked
package io.ratelimiter.service.decisions.spool;

import org.jspecify.annotations.NullMarked;
