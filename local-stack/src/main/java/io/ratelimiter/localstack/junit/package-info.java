/** The JUnit extension that injects real servers into tests. */
@NullMarked
package io.ratelimiter.localstack.junit;

import org.jspecify.annotations.NullMarked;
