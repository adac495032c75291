/** What came of each publisher's numbered series, what came twice, and what will never come. */
@NullMarked
package io.ratelimiter.auditor.completeness;

import org.jspecify.annotations.NullMarked;
