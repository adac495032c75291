/**
 * The measures, one class each: what is started, what is asked, and what is made of the answers.
 */
@NullMarked
package io.ratelimiter.load.measure;

import org.jspecify.annotations.NullMarked;
