/** The HTTP contract without any server: codec, validation, headers, problems. */
@NullMarked
package io.ratelimiter.service.api;

import org.jspecify.annotations.NullMarked;
