/** What is limited and how: rules, the immutable set of them, and where they come from. */
@NullMarked
package io.ratelimiter.service.rules;

import org.jspecify.annotations.NullMarked;
