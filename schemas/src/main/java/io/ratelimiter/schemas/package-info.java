/** What crosses a process border: wire records, topic names and their settings. */
@NullMarked
package io.ratelimiter.schemas;

import org.jspecify.annotations.NullMarked;
