/** Health, metrics and the check of the environment. */
@NullMarked
package io.ratelimiter.auditor.ops;

import org.jspecify.annotations.NullMarked;
