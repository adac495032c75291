/** The web page: its files, what it shows under {@code /v1/console}, and its live feed. */
@NullMarked
package io.ratelimiter.service.page;

import org.jspecify.annotations.NullMarked;
