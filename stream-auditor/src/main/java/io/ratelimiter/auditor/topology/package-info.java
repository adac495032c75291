/** From the decisions topic to running figures per minute: topics in, topics out, nothing else. */
@NullMarked
package io.ratelimiter.auditor.topology;

import org.jspecify.annotations.NullMarked;
