/** The JUnit extension that hands real servers to tests. */
@NullMarked
package io.ratelimiter.localstack.junit;

import org.jspecify.annotations.NullMarked;
