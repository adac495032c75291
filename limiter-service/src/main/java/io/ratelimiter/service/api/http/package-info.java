/** Messages of HTTP independent of any server: heads, answers, problems, and their validation. */
@NullMarked
package io.ratelimiter.service.api.http;

import org.jspecify.annotations.NullMarked;
