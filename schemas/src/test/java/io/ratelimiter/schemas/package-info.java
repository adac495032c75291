/** Tests of the schemas, and classes with which other modules' tests verify records. */
@NullMarked
package io.ratelimiter.schemas;

import org.jspecify.annotations.NullMarked;
