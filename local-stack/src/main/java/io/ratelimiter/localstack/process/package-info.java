/** Child processes that cannot outlive this JVM, and the programs that they run. */
@NullMarked
package io.ratelimiter.localstack.process;

import org.jspecify.annotations.NullMarked;
