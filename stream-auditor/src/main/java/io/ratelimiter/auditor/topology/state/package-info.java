/** Keys and contents of rows, and their encoding in the stores. */
@NullMarked
package io.ratelimiter.auditor.topology.state;

import org.jspecify.annotations.NullMarked;
