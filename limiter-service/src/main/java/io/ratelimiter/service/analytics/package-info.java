/** Read-only queries of the auditor's tables, for the page. */
@NullMarked
package io.ratelimiter.service.analytics;

import org.jspecify.annotations.NullMarked;
