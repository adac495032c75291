/** The auditor: decisions in, tables that say what was decided and whether anything is missing. */
@NullMarked
package io.ratelimiter.auditor;

import org.jspecify.annotations.NullMarked;
