/** Per series of a publisher: which numbers were received, duplicated and lost. */
@NullMarked
package io.ratelimiter.auditor.completeness;

import org.jspecify.annotations.NullMarked;
