/** Records of the auditor's topics, and how they are written and read. */
@NullMarked
package io.ratelimiter.schemas.audit;

import org.jspecify.annotations.NullMarked;
