/** The application: which features there are and how the limiter is composed. */
@NullMarked
package io.ratelimiter.service;

import org.jspecify.annotations.NullMarked;
