/** Rules as they are written and stored, before the service's default algorithm is applied. */
@NullMarked
package io.ratelimiter.service.rules.definition;

import org.jspecify.annotations.NullMarked;
