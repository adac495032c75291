/** The rules: what they match, how much they allow, and which of them apply to a check. */
@NullMarked
package io.ratelimiter.service.rules;

import org.jspecify.annotations.NullMarked;
