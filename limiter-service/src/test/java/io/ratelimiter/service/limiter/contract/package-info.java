/** What every limiter promises, as tests that run on the store and on the reference model. */
@NullMarked
package io.ratelimiter.service.limiter.contract;

import org.jspecify.annotations.NullMarked;
