/** Records of the decisions topic, deserialized and checked. */
@NullMarked
package io.ratelimiter.auditor.topology.input;

import org.jspecify.annotations.NullMarked;
