/** The command {@code ./run}: starts and stops the servers and services of the product. */
@NullMarked
package io.ratelimiter.localstack.run;

import org.jspecify.annotations.NullMarked;
