/** The auditor: reads decisions, writes tables of what was decided and of what is missing. */
@NullMarked
package io.ratelimiter.auditor;

import org.jspecify.annotations.NullMarked;
