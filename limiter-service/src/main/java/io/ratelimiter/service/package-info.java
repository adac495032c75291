/** The application: the list of features and the composition of the limiter. */
@NullMarked
package io.ratelimiter.service;

import org.jspecify.annotations.NullMarked;
