/** Events of the decisions topic, and how they are written, read and bounded. */
@NullMarked
package io.ratelimiter.schemas;

import org.jspecify.annotations.NullMarked;
