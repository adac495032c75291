/** Running it: settings, the streams application's life, health and metrics. */
@NullMarked
package io.ratelimiter.auditor.ops;

import org.jspecify.annotations.NullMarked;
